// What a program may load while it runs: a part that uses the library.
#include "host.h"

int run(char *model_path) {
    char *arguments[] = {NULL, model_path};
    uint8_t expected[PIXELS], classes[PIXELS];
    eseg_model *model = host_model(arguments);
    eseg_session *alone = host_session(model, 1), *session = host_session(model, 3);
    host_segment(alone, 1, expected);
    for (int i = 0; i < 20; ++i) {
        host_segment(session, 1, classes);
        EXPECT(memcmp(classes, expected, PIXELS) == 0);
    }
    eseg_session_close(&alone);
    eseg_session_close(&session);
    eseg_model_close(&model);
    return 0;
}
