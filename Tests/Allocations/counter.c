// Preloaded into a program that makes one frame after the other, counts what it asks the system for in between.
//
// A frame ends with a write to standard output, or with a file that gets its name. Between the end of frame $ESEG_COUNT_FROM and that of
// frame $ESEG_COUNT_TO, calls that allocate and faults of pages are counted; a line of "allocations faults kilobytes", the last of which
// is how much the resident memory grew, goes to the file $ESEG_COUNTS. The kilobytes that were resident at most go to $ESEG_PEAK, where that
// is set, at the program's end.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

typedef struct usage {
    long allocations, faults, kilobytes;
} usage;

static atomic_long allocations, frames;
static long first, last;
static usage before;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    first = number("ESEG_COUNT_FROM");
    last = number("ESEG_COUNT_TO");
}

static long resident_kilobytes(void) {
    char text[128] = {0};
    long total, resident = 0;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read(file, text, sizeof text - 1) > 0) sscanf(text, "%ld %ld", &total, &resident);
    close(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static usage so_far(void) {
    struct rusage process;
    const long kilobytes = resident_kilobytes();
    getrusage(RUSAGE_SELF, &process);
    return (usage){atomic_load(&allocations), process.ru_minflt + process.ru_majflt, kilobytes};
}

__attribute__((destructor)) static void report_peak(void) {
    const char *name = getenv("ESEG_PEAK");
    FILE *from = name ? fopen("/proc/self/status", "re") : NULL, *to = from ? fopen(name, "we") : NULL;
    char line[256];
    long kilobytes;
    while (to && fgets(line, sizeof line, from))
        if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1) fprintf(to, "%ld\n", kilobytes);
    if (from) fclose(from);
    if (to) fclose(to);
}

static void report(usage now) {
    char line[128];
    const int bytes = snprintf(line, sizeof line, "%ld %ld %ld\n", now.allocations - before.allocations, now.faults - before.faults,
                               now.kilobytes - before.kilobytes);
    const int file = open(getenv("ESEG_COUNTS"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0 && syscall(SYS_write, file, line, bytes) != bytes) _exit(3);
    close(file);
}

static void end_frame(void) {
    const long frame = atomic_fetch_add(&frames, 1) + 1;
    // Twice: the first time has faults of its own.
    if (frame == first) so_far(), before = so_far();
    if (frame == last) report(so_far());
}

static void count(void) { atomic_fetch_add(&allocations, 1); }

void *malloc(size_t bytes) { return count(), __libc_malloc(bytes); }
void *calloc(size_t number, size_t bytes) { return count(), __libc_calloc(number, bytes); }
void *realloc(void *memory, size_t bytes) { return count(), __libc_realloc(memory, bytes); }
void *aligned_alloc(size_t alignment, size_t bytes) { return count(), __libc_memalign(alignment, bytes); }
void *memalign(size_t alignment, size_t bytes) { return count(), __libc_memalign(alignment, bytes); }

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
    count();
    void *taken = __libc_memalign(alignment, bytes);
    if (!taken) return ENOMEM;
    *memory = taken;
    return 0;
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
    count();
    return (void *)syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
}

ssize_t write(int file, const void *bytes, size_t count_of_bytes) {
    const ssize_t written = syscall(SYS_write, file, bytes, count_of_bytes);
    if (file == STDOUT_FILENO) end_frame();
    return written;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    const int status = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    if (status == 0) end_frame();
    return status;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }
