// A program that the system lets have hardly any threads, and little memory: a session of many or much is refused, and one of few works.
#include <pthread.h>
#include <sys/resource.h>

#include "host.h"

int main(int count, char **arguments) {
    EXPECT(count == 2);
    eseg_error error = {ESEG_OK, ""};
    eseg_model *model = host_model(arguments);
    eseg_session *session = NULL;
    // Stacks that this much memory has no place for; root is exempt from limits on the count of threads.
    pthread_attr_t attributes;
    EXPECT(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, (size_t)1 << 30) == 0);
    EXPECT(pthread_setattr_default_np(&attributes) == 0);
    struct rlimit limit = {(rlim_t)4 << 30, (rlim_t)4 << 30};
    EXPECT(setrlimit(RLIMIT_AS, &limit) == 0);
    eseg_session_options options = {.width = WIDTH, .height = HEIGHT, .threads = 64};
    EXPECT(eseg_session_open(model, &options, &session, &error) == ESEG_NO_THREADS && error.status == ESEG_NO_THREADS && !session);
    EXPECT(strncmp(error.message, "threads: found ", 15) == 0 && strstr(error.message, "expected 64 that can be started"));

    limit.rlim_cur = (rlim_t)512 << 20;
    EXPECT(setrlimit(RLIMIT_AS, &limit) == 0);
    options = (eseg_session_options){.width = 16384, .height = 16384, .input_width = 64, .input_height = 64, .threads = 1};
    EXPECT(eseg_session_open(model, &options, &session, &error) == ESEG_NO_MEMORY && error.status == ESEG_NO_MEMORY && !session);
    EXPECT(strncmp(error.message, "memory: ", 8) == 0);
    limit.rlim_cur = limit.rlim_max;
    EXPECT(setrlimit(RLIMIT_AS, &limit) == 0);

    uint8_t classes[PIXELS];
    session = host_session(model, 1);
    host_segment(session, 1, classes);
    eseg_session_close(&session);
    eseg_model_close(&model);
    return 0;
}
