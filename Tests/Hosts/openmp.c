// A program with parallel regions of its own, by whatever OpenMP it was compiled for: before, between and around calls of the library.
#include <omp.h>

#include "host.h"

enum { REGIONS = 30 };

/// Checks that a region has its threads, each with a number of its own.
static void region(int threads) {
    int numbers = 0, most = 0;
#pragma omp parallel num_threads(threads) reduction(+ : numbers) reduction(max : most)
    {
        numbers += omp_get_thread_num();
        most = omp_get_num_threads();
    }
    EXPECT(most == threads && numbers == threads * (threads - 1) / 2);
}

int main(int count, char **arguments) {
    EXPECT(count == 2);
    uint8_t expected[PIXELS], classes[PIXELS];
    eseg_model *model = host_model(arguments);
    eseg_session *alone = host_session(model, 1);
    host_segment(alone, 1, expected);
    eseg_session_close(&alone);

    region(3);
    eseg_session *session = host_session(model, 3);
    for (int i = 0; i < REGIONS; ++i) {
        region(2 + i % 3);
        host_segment(session, 1, classes);
        EXPECT(memcmp(classes, expected, PIXELS) == 0);
    }

    // A session of its own for each thread of a region.
    int wrong = 0;
#pragma omp parallel num_threads(3) reduction(+ : wrong)
    {
        uint8_t mine[PIXELS];
        eseg_session *own = host_session(model, 2);
        for (int i = 0; i < 20; ++i) {
            host_segment(own, 1, mine);
            wrong += memcmp(mine, expected, PIXELS) != 0;
        }
        eseg_session_close(&own);
    }
    EXPECT(wrong == 0);
    region(4);
    eseg_session_close(&session);
    eseg_model_close(&model);
    return 0;
}
