// Shuffled bytes: each output vector gathers its pieces' bytes from as many input vectors. The file that includes this has defined `shuffled`,
// which gives bytes of a vector, zeros where an index has its high bit.

typedef uint8_t bytes16 __attribute__((vector_size(ESEG_SHUFFLE_BYTES)));

/// Output vectors of `pieces` pieces.
INLINE void shuffle_pixels(const eseg_shuffle_row *row, const eseg_shuffle_piece *piece, const int pieces) {
    bytes16 at[4];
    for (int k = 0; k < pieces; ++k) memcpy(&at[k], piece[k].bytes, sizeof at[k]);
    const uint8_t *in = row->in;
    uint8_t *out = row->out + piece->to;
    for (int p = 0; p < row->pixels; ++p, in += row->in_stride, out += row->out_stride) {
        bytes16 sum = {0};
        for (int k = 0; k < pieces; ++k) {
            bytes16 from;
            memcpy(&from, in + piece[k].from, sizeof from);
            sum |= shuffled(from, at[k]);
        }
        memcpy(out, &sum, sizeof sum);
    }
}

static void shuffle_any(const eseg_shuffle_row *row, const eseg_shuffle_piece *piece, int pieces) {
    for (int p = 0; p < row->pixels; ++p) {
        bytes16 sum = {0};
        for (int k = 0; k < pieces; ++k) {
            bytes16 from, at;
            memcpy(&from, row->in + p * row->in_stride + piece[k].from, sizeof from);
            memcpy(&at, piece[k].bytes, sizeof at);
            sum |= shuffled(from, at);
        }
        memcpy(row->out + p * row->out_stride + piece->to, &sum, sizeof sum);
    }
}

void KERNEL(shuffle_row)(const eseg_shuffle_row *row) {
    for (int k = 0, pieces; k < row->piece_count; k += pieces) {
        const eseg_shuffle_piece *piece = &row->pieces[k];
        for (pieces = 1; k + pieces < row->piece_count && piece[pieces].to == piece->to;) ++pieces;
        switch (pieces) {
        case 1: shuffle_pixels(row, piece, 1); break;
        case 2: shuffle_pixels(row, piece, 2); break;
        case 3: shuffle_pixels(row, piece, 3); break;
        case 4: shuffle_pixels(row, piece, 4); break;
        default: shuffle_any(row, piece, pieces);
        }
    }
}
