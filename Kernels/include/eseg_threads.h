#ifndef ESEG_THREADS_H
#define ESEG_THREADS_H

/// Starts the threads that a team of `count` takes beside the calling one, all of them at once, and ends them; 0, or the errno of the
/// first that could not be started. OpenMP's runtime, which does not ask, ends the program there.
int eseg_threads_try(int count);

/// Starts OpenMP's threads for the regions of `count` threads that the calling thread runs from now on.
void eseg_threads_start(int count);

/// The same with other variables in the environment than the process's, which it has again afterwards; so it is whenever the process forks, for
/// the runtime starts anew then. They are kept. One thread at a time calls it.
void eseg_threads_start_with(char **variables, int count);

/// Up to how many threads the calling thread's regions have had by eseg_threads_start, in this process; 0 in one that was forked since.
int eseg_threads_started(void);

#endif
