// What the programs of this folder share: each uses the library as some program might, and ends with 0 if what it got was right.
#ifndef HOST_H
#define HOST_H

#include <eseg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 48, HEIGHT = 40, PIXELS = WIDTH * HEIGHT };

#define EXPECT(holds)                                                                               \
    do {                                                                                            \
        if (!(holds)) fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #holds), exit(1); \
    } while (0)

/// A model of the file that the first argument names.
static inline eseg_model *host_model(char **arguments) {
    eseg_error error = {ESEG_OK, ""};
    eseg_model *model = NULL;
    if (eseg_model_open(arguments[1], NULL, &model, &error)) fprintf(stderr, "%s\n", error.message), exit(1);
    return model;
}

static inline eseg_session *host_session(eseg_model *model, int threads) {
    eseg_error error = {ESEG_OK, ""};
    eseg_session *session = NULL;
    eseg_session_options options = {.width = WIDTH, .height = HEIGHT, .threads = threads};
    if (eseg_session_open(model, &options, &session, &error)) fprintf(stderr, "%s\n", error.message), exit(1);
    return session;
}

/// Classes of an image of which `seed` tells.
static inline void host_segment(eseg_session *session, int seed, uint8_t *classes) {
    eseg_error error = {ESEG_OK, ""};
    uint8_t rgb[3 * PIXELS];
    for (int i = 0; i < 3 * PIXELS; ++i) rgb[i] = (uint8_t)(i * (i / 97 + seed) >> 3);
    eseg_image image = {.format = ESEG_RGB, .width = WIDTH, .height = HEIGHT, .planes = {rgb}};
    eseg_result result = {.classes = classes};
    if (eseg_segment(session, &image, &result, &error)) fprintf(stderr, "%s\n", error.message), exit(1);
}

#endif
