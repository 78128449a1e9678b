// Preloaded into eseg: a Video4Linux camera that gives three YUYV frames of 48x32 pixels and then ends the program, as a user does, by SIGINT.
//
//     ESEG_CAMERA=/dev/video9     the name of its device
//     ESEG_CAMERA_PLUG=FILE       instead, it gives a frame every 10 ms for as long as the file is there, and is unplugged while it is not

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WIDTH = 48, HEIGHT = 32, BYTES = WIDTH * HEIGHT * 2, BUFFERS = 4, FRAMES = 3 };

static int device = -1;
static unsigned queue[BUFFERS];  // of buffers to be filled, the oldest first
static int queued;
static unsigned sequence;
static int ended;

// Whether the camera is plugged in; nothing ends it where it cannot be unplugged.
static int plugged(void) {
    const char *plug = getenv("ESEG_CAMERA_PLUG");
    return !plug || access(plug, F_OK) == 0;
}

#define NEXT(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    const char *camera = getenv("ESEG_CAMERA");
    if (!camera || strcmp(path, camera)) return NEXT(open)(path, flags, mode);
    if (!plugged()) return errno = ENOENT, -1;
    queued = 0;
    sequence = 0;
    // A device that always has something to read.
    return device = NEXT(open)("/dev/zero", flags, mode);
}

int close(int file) {
    if (file == device) device = -1;
    return NEXT(close)(file);
}

static void choose(struct v4l2_pix_format *format) {
    format->pixelformat = V4L2_PIX_FMT_YUYV;
    format->width = WIDTH;
    format->height = HEIGHT;
    format->bytesperline = WIDTH * 2;
    format->sizeimage = BYTES;
}

static int enqueue(const struct v4l2_buffer *buffer) {
    if (queued == BUFFERS || buffer->index >= BUFFERS) return EINVAL;
    queue[queued++] = buffer->index;
    return 0;
}

static int dequeue(struct v4l2_buffer *buffer) {
    if (!plugged()) return ENODEV;
    const unsigned frames = getenv("ESEG_CAMERA_PLUG") ? usleep(10000), UINT_MAX : FRAMES;
    if (sequence == frames && !ended) kill(getpid(), SIGINT), ended = 1;
    if (sequence == frames) usleep(5000);
    if (sequence == frames || queued == 0) return EAGAIN;
    buffer->index = queue[0];
    memmove(queue, queue + 1, (size_t)--queued * sizeof *queue);
    buffer->bytesused = BYTES;
    buffer->sequence = sequence++;
    buffer->flags = 0;
    return 0;
}

static int answer(unsigned long request, void *argument) {
    switch (request) {
    case VIDIOC_QUERYCAP: ((struct v4l2_capability *)argument)->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING; return 0;
    case VIDIOC_S_FMT: return choose(&((struct v4l2_format *)argument)->fmt.pix), 0;
    case VIDIOC_S_PARM: return 0;
    case VIDIOC_REQBUFS: return ((struct v4l2_requestbuffers *)argument)->count = BUFFERS, 0;
    case VIDIOC_QUERYBUF: return ((struct v4l2_buffer *)argument)->length = BYTES, 0;
    case VIDIOC_QBUF: return enqueue(argument);
    case VIDIOC_DQBUF: return dequeue(argument);
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF: return 0;
    default: return ENOTTY;
    }
}

int ioctl(int file, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (device < 0 || file != device) return NEXT(ioctl)(file, request, argument);
    errno = answer(request, argument);
    return errno ? -1 : 0;
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    if (device >= 0 && file == device) return NEXT(mmap)(address, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return NEXT(mmap)(address, size, protection, flags, file, offset);
}
