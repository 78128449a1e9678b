// Upsampling of a row by what an instruction set has defined: by 4 with `upsample_by_4` where classes leave room for keys, else from rows
// that are blended once.

void KERNEL(argmax_row)(const eseg_s8_argmax_row *row) {
    if (row->by_4 && row->classes <= MAX_KEYED) {
        if (row->doubt) upsample_by_4(row, 1);
        else upsample_by_4(row, 0);
        return;
    }
    int32_t *left = row->scratch, *rise = left + row->classes * row->plane_stride;
    for (int c = 0; c < row->classes; ++c) blend_rows(row, c, left + c * row->plane_stride, rise + c * row->plane_stride);
    if (row->doubt) choose_classes(row, left, rise, 1);
    else choose_classes(row, left, rise, 0);
}
