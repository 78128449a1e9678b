#ifndef ESEG_MAPS_H
#define ESEG_MAPS_H

/// How the maps and weights of the integer arithmetics lie in memory.
enum {
    ESEG_LANES = 16,      ///< output channels of a packed block
    ESEG_SLACK = 128,     ///< readable bytes behind every map, ring and packed array
    ESEG_MAX_FUSED = 16,  ///< most maps that a weighted sum takes
};

/// Blocks of ESEG_LANES channels that `channels` take.
static inline int eseg_blocks(int channels) { return (channels + ESEG_LANES - 1) / ESEG_LANES; }

/// Codes that `channels` channels of a pixel take: the next multiple of 4.
static inline int eseg_channel_stride(int channels) { return (channels + 3) & ~3; }

#endif
