#ifndef S16_MAPS_H
#define S16_MAPS_H

#include "s16.h"

/// Tiny, small, or of several pieces of a row.
int take_wide_side(test_case *t);

/// A map of random codes of one or two bytes, and noise in what fills pixels up to whole strides.
eseg_s16_map take_s16_map(test_case *t, int height, int width, int channels);
/// The same with value 0 there.
eseg_s16_map take_filled_s16_map(test_case *t, int height, int width, int channels);

/// Two maps to be written; one of two bytes may be logits without gaps between pixels.
typedef struct s16_pair {
    outputs bytes;
    eseg_s16_map expected, actual;
} s16_pair;

s16_pair take_s16_pair(test_case *t, int height, int width, int channels, const eseg_s16_output *output);

/// Without zero point; 0 outside the map.
int s16_code(const eseg_s16_map *map, int y, int x, int c);

/// Stores a pixel's values; channels that only fill the stride up have value 0 or, with a table, are left.
void put_values(const eseg_s16_map *map, int y, int x, const float *values, const eseg_s16_output *output);

#endif
