// Preloaded into eseg: makes the n-th call of a function fail, once or from then on. What the Swift runtime, the C library and OpenMP allocate
// for themselves is left alone: they end the process by design where memory runs out.
//
//     ESEG_FAULT=read:3           the third call of read fails
//     ESEG_FAULT=read:3:on        it and all after it
//     ESEG_FAULT=read:3,write:1   pairs
//     ESEG_FAULT=read:3:signal    a signal interrupts it; with :on every other call from then on
//     ESEG_FAULT=read:3:short     it does half of what it is asked for (read and write)
//     ESEG_FAULT=read:3:end       it finds the file's end
//     ESEG_FAULT_DISK=1000        so many bytes can be written to files in all, then the disk is full
//     ESEG_FAULT_COUNTS=FILE      how often each function is called, and the count of bytes after each write, written at the end

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum call { MALLOC, MMAP, OPEN, READ, WRITE, FSYNC, RENAME, IOCTL, PTHREAD_CREATE, CALLS };
static const char *const names[CALLS] = {"malloc", "mmap", "open", "read", "write", "fsync", "rename", "ioctl", "pthread_create"};
static const int errors[CALLS] = {ENOMEM, ENOMEM, EMFILE, EIO, EIO, EIO, EIO, EIO, EAGAIN};

enum kind { FAILURE, SIGNAL, SHORT, END };
static const char *const kinds[] = {"", "signal", "short", "end"};

typedef struct fault {
    enum call call;
    enum kind kind;
    long first;
    int goes_on;
} fault;

enum { MAX_FAULTS = 8, MAX_WRITES = 4096 };
static fault faults[MAX_FAULTS];
static int fault_count;
static atomic_long counts[CALLS];
static atomic_long disk_left = -1;  // -1: it has no end
static atomic_long written;
static long writes[MAX_WRITES];
static atomic_int write_count;
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

static int is_word(const char *text, size_t length, const char *word) { return strlen(word) == length && !strncmp(text, word, length); }

/// Reads one fault, a function's name and what follows it.
static void parse_fault(const char *text) {
    fault parsed = {CALLS, FAILURE, 0, 0};
    for (size_t length; length = strcspn(text, ":,"), length > 0; text += length + (text[length] == ':')) {
        for (int c = 0; c < CALLS; ++c)
            if (is_word(text, length, names[c])) parsed.call = (enum call)c;
        for (int k = SIGNAL; k <= END; ++k)
            if (is_word(text, length, kinds[k])) parsed.kind = (enum kind)k;
        if (*text >= '0' && *text <= '9') parsed.first = strtol(text, NULL, 10);
        if (is_word(text, length, "on")) parsed.goes_on = 1;
    }
    if (parsed.call < CALLS && parsed.first > 0 && fault_count < MAX_FAULTS) faults[fault_count++] = parsed;
}

static void parse(const char *text) {
    while (text && *text) {
        parse_fault(text);
        text = strchr(text, ',');
        if (text) ++text;
    }
}

__attribute__((constructor)) static void start(void) {
    // The threads of tests start programs that no signal would end.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dl_iterate_phdr(add_module, NULL);
    parse(getenv("ESEG_FAULT"));
    if (getenv("ESEG_FAULT_DISK")) disk_left = atol(getenv("ESEG_FAULT_DISK"));
    counts_path = getenv("ESEG_FAULT_COUNTS");
    ready = 1;
}

__attribute__((destructor)) static void report(void) {
    ready = 0;
    FILE *file = counts_path ? fopen(counts_path, "w") : NULL;
    for (int c = 0; file && c < CALLS; ++c) fprintf(file, "%s %ld\n", names[c], counts[c]);
    for (int i = 0; file && i < write_count && i < MAX_WRITES; ++i) fprintf(file, "bytes %ld\n", writes[i]);
    if (file) fclose(file);
}

/// Counts a call; returns the fault that it meets, if any.
static const fault *meet(enum call c) {
    if (!ready) return NULL;
    const long count = ++counts[c];
    for (const fault *f = faults; f < faults + fault_count; ++f) {
        if (f->call != c || count < f->first || (count > f->first && !f->goes_on)) continue;
        if (f->kind == SIGNAL && (count - f->first) % 2) continue;
        return f;
    }
    return NULL;
}

/// Counts a call; returns 1 where it is to fail.
static int fails(enum call c) {
    const fault *f = meet(c);
    if (f) errno = f->kind == SIGNAL ? EINTR : errors[c];
    return f != NULL;
}

/// The same for a call that moves `count` bytes: what is then left of them for the call itself, or -1 where it fails.
static ssize_t moves(enum call c, size_t count) {
    const fault *f = meet(c);
    if (!f) return (ssize_t)count;
    if (f->kind == SHORT) return (ssize_t)(count - count / 2);
    if (f->kind == END) return 0;
    errno = f->kind == SIGNAL ? EINTR : errors[c];
    return -1;
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
ssize_t read(int file, void *bytes, size_t count) {
    const ssize_t rest = moves(READ, count);
    return rest < 0 || (rest == 0 && count > 0) ? rest : NEXT(read)(file, bytes, (size_t)rest);
}

static int is_on_disk(int file) {
    struct stat status;
    return !fstat(file, &status) && S_ISREG(status.st_mode);
}

/// As much of `count` bytes as the disk has room for; -1 where it has none.
static ssize_t take_room(size_t count) {
    long left = disk_left, taken;
    do {
        if (left < 0) return (ssize_t)count;
        taken = (long)count < left ? (long)count : left;
    } while (!atomic_compare_exchange_weak(&disk_left, &left, left - taken));
    if (taken || !count) return taken;
    errno = ENOSPC;
    return -1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    if (file == STDERR_FILENO) return NEXT(write)(file, bytes, count);
    ssize_t rest = moves(WRITE, count);
    if (rest < 0 || !is_on_disk(file)) return rest < 0 ? rest : NEXT(write)(file, bytes, (size_t)rest);
    if ((rest = take_room((size_t)rest)) < 0) return rest;
    rest = NEXT(write)(file, bytes, (size_t)rest);
    if (rest > 0) {
        const long total = written += rest;
        const int i = write_count++;
        if (i < MAX_WRITES) writes[i] = total;
    }
    return rest;
}
int fsync(int file) { return fails(FSYNC) ? -1 : NEXT(fsync)(file); }
int rename(const char *from, const char *to) { return fails(RENAME) ? -1 : NEXT(rename)(from, to); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return fails(RENAME) ? -1 : NEXT(renameat)(from_folder, from, to_folder, to);
}
int ioctl(int file, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return fails(IOCTL) ? -1 : NEXT(ioctl)(file, request, argument);
}
// What a program ends itself by runs no destructors.
int kill(pid_t process, int signal) {
    if (process == getpid() && counts_path) {
        report();
        ready = 1;
    }
    return NEXT(kill)(process, signal);
}
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context) {
    return fails(PTHREAD_CREATE) ? errors[PTHREAD_CREATE] : NEXT(pthread_create)(thread, attributes, run, context);
}
