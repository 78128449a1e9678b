// Upsampling by 4: rows are blended once, then 4 pixels chosen between each column and the next one.

INLINE void upsample_by_4(const eseg_s8_argmax_row *row, const int with_doubt) {
    for (int c = 0; c < row->classes; ++c) blend_keyed(row, c, row->scratch + c * row->plane_stride);
    for (int column = 0; column < row->source_width - 1; column += KEYED_COLUMNS) choose_keyed(row, row->scratch, column, with_doubt);
    eseg_s8_argmax_ends(row);
}
