#ifndef VIDEO4LINUX_H
#define VIDEO4LINUX_H

#include <stdint.h>
#include <stddef.h>

// Video4Linux's capture calls on an open device: each returns 0, or the system's error number. What the calls mean is decided elsewhere.

enum { VIDEO4LINUX_NAME_SIZE = 32 };

typedef struct video4linux_identity {
    char name[VIDEO4LINUX_NAME_SIZE + 1];
    int can_capture, can_stream;
} video4linux_identity;

/// A picture format; `code` is a four-character code as in `video4linux_code`, `full_range` matters for YUV.
typedef struct video4linux_format {
    uint32_t code, width, height, bytes_per_line, image_bytes;
    int full_range;
} video4linux_format;

/// A buffer that the driver has filled; `damaged` where it says that data may be lost.
typedef struct video4linux_frame {
    uint32_t index, bytes, sequence;
    int damaged;
} video4linux_frame;

/// For example "MJPG".
static inline uint32_t video4linux_code(char a, char b, char c, char d) {
    return (uint32_t)(uint8_t)a | (uint32_t)(uint8_t)b << 8 | (uint32_t)(uint8_t)c << 16 | (uint32_t)(uint8_t)d << 24;
}

int video4linux_identify(int device, video4linux_identity *identity);
/// Asks for a format; leaves in it what the driver chose instead.
int video4linux_set_format(int device, video4linux_format *format);
/// Asks for frames per second; leaves in them what the driver chose, zeros where it does not say.
int video4linux_set_rate(int device, uint32_t *numerator, uint32_t *denominator);
/// Asks for buffers; leaves the number that the driver made. 0 frees them.
int video4linux_request_buffers(int device, uint32_t *count);
/// Maps a buffer for reading; `munmap` undoes it.
int video4linux_map_buffer(int device, uint32_t index, const void **address, size_t *bytes);
int video4linux_queue(int device, uint32_t index);
int video4linux_dequeue(int device, video4linux_frame *frame);
int video4linux_stream(int device, int on);

#endif
