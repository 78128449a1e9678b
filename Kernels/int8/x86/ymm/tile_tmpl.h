// A tile of a convolution's outputs, for the file that multiplies.

enum { MAX_TILE = 12 };

/// MR pixels × NV vectors of 8 channels in registers.
typedef struct tile {
    const eseg_s8_conv_row *row;
    const int8_t *weights;  // of the block
    const curve *curve;     // NULL: none
    const float *multiplier;
    int pixel;
    int channel, channels;  // channels that exist, of up to 8 · NV
} tile;
