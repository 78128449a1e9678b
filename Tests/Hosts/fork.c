// A program that forks after it has used the library: parent and child go on, each with threads of its own.
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

int main(int count, char **arguments) {
    EXPECT(count == 2);
    uint8_t expected[PIXELS], classes[PIXELS];
    eseg_model *model = host_model(arguments);
    eseg_session *session = host_session(model, 3);
    host_segment(session, 1, expected);
    for (int i = 0; i < 5; ++i) {
        pid_t child = fork();
        EXPECT(child >= 0);
        if (child == 0) {
            alarm(60);
            eseg_session *own = host_session(model, 2);
            for (int k = 0; k < 3; ++k) {
                host_segment(session, 1, classes);
                EXPECT(memcmp(classes, expected, PIXELS) == 0);
                host_segment(own, 1, classes);
                EXPECT(memcmp(classes, expected, PIXELS) == 0);
            }
            return 0;
        }
        host_segment(session, 1, classes);
        EXPECT(memcmp(classes, expected, PIXELS) == 0);
        int status;
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    eseg_session_close(&session);
    eseg_model_close(&model);
    return 0;
}
