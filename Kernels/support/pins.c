#define _GNU_SOURCE
#include "eseg_pins.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "eseg_affinity.h"
#include "team.h"

typedef struct cpus {
    cpu_set_t sets[ESEG_MAX_CPUS / CPU_SETSIZE];
} cpus;

// What a thread might run on; `thread` is 0 where that is not to be undone.
typedef struct pinned {
    pid_t thread;
    cpus before;
} pinned;

size_t eseg_pins_bytes(int threads) { return (size_t)threads * sizeof(pinned); }

static void pin(const eseg_pins *pins, member me, atomic_int *status) {
    pinned *mine = (pinned *)pins->before + me.index;
    share part = share_of(pins->cpu_count, me);
    if (part.end <= part.begin) part.end = part.begin + 1;
    cpus some;
    memset(&some, 0, sizeof some);
    for (int i = part.begin; i < part.end; ++i) CPU_SET_S((size_t)pins->cpus[i], sizeof some, some.sets);
    memset(&mine->before, 0, sizeof mine->before);
    if (sched_getaffinity(0, sizeof mine->before, mine->before.sets) || sched_setaffinity(0, sizeof some, some.sets))
        atomic_store(status, errno);
    else mine->thread = (pid_t)syscall(SYS_gettid);
}

int eseg_pins_set(const eseg_pins *pins) {
    const int threads = pins->threads;
    atomic_int status = 0;
    for (int i = 0; i < threads; ++i) ((pinned *)pins->before)[i].thread = 0;
    WITH_TEAM(threads, pin(pins, me, &status));
    const int refusal = atomic_load(&status);
    if (refusal) eseg_pins_undo(pins);
    return refusal;
}

void eseg_pins_undo(const eseg_pins *pins) {
    for (int i = 0; i < pins->threads; ++i) {
        const pinned *one = (const pinned *)pins->before + i;
        if (one->thread) sched_setaffinity(one->thread, sizeof one->before, one->before.sets);
    }
}
