// Segments an image:  segment MODEL.eseg IMAGE.ppm >CLASSES.pgm
//
//     cc -o segment segment.c $(pkg-config --cflags --libs eseg)
#include <eseg.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char *text) { return fprintf(stderr, "%s\n", text), 1; }

int main(int count, char **arguments) {
    eseg_error error;
    eseg_model *model = NULL;
    eseg_session *session = NULL;
    int width, height;

    if (count != 3) return fail("usage: segment MODEL.eseg IMAGE.ppm >CLASSES.pgm");
    FILE *file = fopen(arguments[2], "rb");
    if (!file || fscanf(file, "P6 %5d %5d 255", &width, &height) != 2 || fgetc(file) == EOF) return fail("expected a PPM image, P6");

    eseg_session_options options = {.width = width, .height = height};
    if (eseg_model_open(arguments[1], NULL, &model, &error)) return fail(error.message);
    if (eseg_session_open(model, &options, &session, &error)) return fail(error.message);

    size_t pixels = (size_t)width * height;
    uint8_t *rgb = malloc(3 * pixels), *classes = malloc(pixels);
    if (!rgb || !classes || fread(rgb, 3, pixels, file) != pixels) return fail("expected a whole image");

    eseg_image image = {.format = ESEG_RGB, .width = width, .height = height, .planes = {rgb}};
    eseg_result result = {.classes = classes};
    if (eseg_segment(session, &image, &result, &error)) return fail(error.message);

    printf("P5 %d %d 255\n", width, height);
    fwrite(classes, 1, pixels, stdout);
    eseg_session_close(&session);
    eseg_model_close(&model);
    free(rgb), free(classes), fclose(file);
    return fflush(stdout) ? fail("the class map could not be written") : 0;
}
