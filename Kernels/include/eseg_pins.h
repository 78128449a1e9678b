#ifndef ESEG_PINS_H
#define ESEG_PINS_H

#include <stddef.h>
#include <stdint.h>

/// CPUs that the threads of a team are to run on for a while, and room for what they might run on before.
typedef struct eseg_pins {
    /// Their numbers, of `cpu_count`.
    const int32_t *cpus;
    int cpu_count;
    /// The team's greatest number of threads; `before` has eseg_pins_bytes of it.
    int threads;
    void *before;
} eseg_pins;

size_t eseg_pins_bytes(int threads);

/// Gives each thread of the team that the calling thread's regions have its share of the CPUs, one CPU where there are no more than threads.
/// 0, or the errno of a thread that was refused; nothing has changed then.
int eseg_pins_set(const eseg_pins *pins);

/// Lets the same threads run on what they might before.
void eseg_pins_undo(const eseg_pins *pins);

#endif
