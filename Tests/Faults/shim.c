// Preloaded into eseg: makes the n-th call of a function fail, once or from then on. What the Swift runtime, the C library and OpenMP allocate
// for themselves is left alone: they end the process by design where memory runs out.
//
//     ESEG_FAULT=read:3        the third call of read fails
//     ESEG_FAULT=read:3:on     it and all after it
//     ESEG_FAULT=read:3,write:1 pairs
//     ESEG_FAULT_COUNTS=FILE   how often each function is called, written at the end

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum call { MALLOC, MMAP, OPEN, READ, WRITE, FSYNC, RENAME, IOCTL, PTHREAD_CREATE, CALLS };
static const char *const names[CALLS] = {"malloc", "mmap", "open", "read", "write", "fsync", "rename", "ioctl", "pthread_create"};
static const int errors[CALLS] = {ENOMEM, ENOMEM, EMFILE, EIO, EIO, EIO, EIO, EIO, EAGAIN};

typedef struct fault {
    long first;  ///< 0: none
    int goes_on;
} fault;

static fault faults[CALLS];
static atomic_long counts[CALLS];
static const char *counts_path;
static int ready;

enum { MAX_RANGES = 32 };
static struct { uintptr_t begin, end; } ranges[MAX_RANGES];  // of code whose allocations may fail
static int range_count;

static int is_tested(const char *module) {
    return !*module || strstr(module, "libjpeg") || strstr(module, "libpng") || strstr(module, "libturbojpeg");
}

static int add_module(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size, (void)context;
    if (!is_tested(info->dlpi_name)) return 0;
    for (int i = 0; i < info->dlpi_phnum && range_count < MAX_RANGES; ++i) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
        ranges[range_count].begin = info->dlpi_addr + header->p_vaddr;
        ranges[range_count++].end = info->dlpi_addr + header->p_vaddr + header->p_memsz;
    }
    return 0;
}

static void parse(const char *text) {
    while (text && *text) {
        for (int c = 0; c < CALLS; ++c) {
            const size_t length = strlen(names[c]);
            if (strncmp(text, names[c], length) || text[length] != ':') continue;
            char *end;
            faults[c].first = strtol(text + length + 1, &end, 10);
            faults[c].goes_on = strncmp(end, ":on", 3) == 0;
        }
        text = strchr(text, ',');
        if (text) ++text;
    }
}

__attribute__((constructor)) static void start(void) {
    dl_iterate_phdr(add_module, NULL);
    parse(getenv("ESEG_FAULT"));
    counts_path = getenv("ESEG_FAULT_COUNTS");
    ready = 1;
}

__attribute__((destructor)) static void report(void) {
    ready = 0;
    FILE *file = counts_path ? fopen(counts_path, "w") : NULL;
    for (int c = 0; file && c < CALLS; ++c) fprintf(file, "%s %ld\n", names[c], counts[c]);
    if (file) fclose(file);
}

/// Counts a call; returns 1 where it is to fail.
static int fails(enum call c) {
    if (!ready) return 0;
    const long count = ++counts[c];
    if (!faults[c].first || count < faults[c].first || (count > faults[c].first && !faults[c].goes_on)) return 0;
    errno = errors[c];
    return 1;
}

static int comes_from_tested(const void *caller) {
    for (int i = 0; i < range_count; ++i)
        if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end) return 1;
    return 0;
}

#define MALLOC_FAILS (comes_from_tested(__builtin_return_address(0)) && fails(MALLOC))

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { return MALLOC_FAILS ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return MALLOC_FAILS ? NULL : __libc_calloc(count, size); }
void *realloc(void *block, size_t size) { return MALLOC_FAILS ? NULL : __libc_realloc(block, size); }
void *aligned_alloc(size_t alignment, size_t size) { return MALLOC_FAILS ? NULL : __libc_memalign(alignment, size); }
int posix_memalign(void **block, size_t alignment, size_t size) {
    if (MALLOC_FAILS) return ENOMEM;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}

#define NEXT(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

#define OPEN_MODE(MODE)                   \
    mode_t MODE = 0;                      \
    if (flags & (O_CREAT | O_TMPFILE)) {  \
        va_list arguments;                \
        va_start(arguments, flags);       \
        MODE = va_arg(arguments, mode_t); \
        va_end(arguments);                \
    }
int open(const char *path, int flags, ...) {
    OPEN_MODE(mode)
    return fails(OPEN) ? -1 : NEXT(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    OPEN_MODE(mode)
    return fails(OPEN) ? -1 : NEXT(open64)(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    OPEN_MODE(mode)
    return fails(OPEN) ? -1 : NEXT(openat)(folder, path, flags, mode);
}
void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    return comes_from_tested(__builtin_return_address(0)) && fails(MMAP) ? MAP_FAILED
                                                                         : NEXT(mmap)(address, size, protection, flags, file, offset);
}
ssize_t read(int file, void *bytes, size_t count) { return fails(READ) ? -1 : NEXT(read)(file, bytes, count); }
ssize_t write(int file, const void *bytes, size_t count) {
    return file != STDERR_FILENO && fails(WRITE) ? -1 : NEXT(write)(file, bytes, count);
}
int fsync(int file) { return fails(FSYNC) ? -1 : NEXT(fsync)(file); }
int rename(const char *from, const char *to) { return fails(RENAME) ? -1 : NEXT(rename)(from, to); }
int ioctl(int file, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return fails(IOCTL) ? -1 : NEXT(ioctl)(file, request, argument);
}
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context) {
    return fails(PTHREAD_CREATE) ? errors[PTHREAD_CREATE] : NEXT(pthread_create)(thread, attributes, run, context);
}
