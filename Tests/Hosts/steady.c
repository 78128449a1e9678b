// Segments as many images as the second argument says in all kinds of memory, and writes a byte after each: what is counted in between is what a
// call takes of the system.
#include <unistd.h>

#include "host.h"

int main(int count, char **arguments) {
    EXPECT(count == 4);
    eseg_error error = {ESEG_OK, ""};
    eseg_model *model = host_model(arguments);
    eseg_session *session = NULL;
    // Resized, pinned where the third argument names CPUs, with all results.
    eseg_session_options options = {.width = WIDTH, .height = HEIGHT, .input_width = 64, .input_height = 64, .threads = 2};
    if (arguments[3][0]) options.cpus = arguments[3];
    if (eseg_session_open(model, &options, &session, &error)) return fprintf(stderr, "%s\n", error.message), 1;
    static uint8_t memory[8 * PIXELS], classes[2 * PIXELS], doubt[2 * PIXELS];
    static int16_t logits[1 << 20];
    for (int i = 0; i < (int)sizeof memory; ++i) memory[i] = (uint8_t)(i * 7 >> 2);
    for (int i = 0; i < atoi(arguments[2]); ++i) {
        eseg_image image = {.format = (eseg_format)(i % 7), .width = WIDTH, .height = HEIGHT, .planes = {memory, memory}};
        eseg_result result = {.classes = classes, .classes_stride = i % 2 ? 2 * WIDTH : 0, .doubt = doubt, .logits = logits};
        result.logit_count = sizeof logits / sizeof *logits;
        image.strides[0] = i % 3 ? 8 * WIDTH : 0;
        if (eseg_segment(session, &image, &result, &error)) return fprintf(stderr, "%s\n", error.message), 1;
        eseg_session_info info;
        if (eseg_session_describe(session, &info, &error)) return 1;
        if (write(STDOUT_FILENO, ".", 1) != 1) return 1;
    }
    eseg_session_close(&session);
    eseg_model_close(&model);
    return 0;
}
