#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/videodev2.h>

#include "video4linux.h"

static int call(int device, unsigned long request, void *argument) {
    while (ioctl(device, request, argument) < 0)
        if (errno != EINTR) return errno;
    return 0;
}

int video4linux_identify(int device, video4linux_identity *identity) {
    struct v4l2_capability capability;
    memset(&capability, 0, sizeof capability);
    int error = call(device, VIDIOC_QUERYCAP, &capability);
    if (error) return error;
    uint32_t has = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
    memset(identity, 0, sizeof *identity);
    memcpy(identity->name, capability.card, VIDEO4LINUX_NAME_SIZE);
    identity->can_capture = (has & V4L2_CAP_VIDEO_CAPTURE) != 0;
    identity->can_stream = (has & V4L2_CAP_STREAMING) != 0;
    return 0;
}

static int is_full_range(const struct v4l2_pix_format *format) {
    if (format->quantization != V4L2_QUANTIZATION_DEFAULT) return format->quantization == V4L2_QUANTIZATION_FULL_RANGE;
    return format->colorspace == V4L2_COLORSPACE_JPEG;
}

int video4linux_set_format(int device, video4linux_format *format) {
    struct v4l2_format asked;
    memset(&asked, 0, sizeof asked);
    asked.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    asked.fmt.pix.pixelformat = format->code;
    asked.fmt.pix.width = format->width;
    asked.fmt.pix.height = format->height;
    asked.fmt.pix.field = V4L2_FIELD_NONE;
    int error = call(device, VIDIOC_S_FMT, &asked);
    if (error) return error;
    const struct v4l2_pix_format *chosen = &asked.fmt.pix;
    *format = (video4linux_format){chosen->pixelformat,  chosen->width,     chosen->height,
                                   chosen->bytesperline, chosen->sizeimage, is_full_range(chosen)};
    return 0;
}

int video4linux_set_rate(int device, uint32_t *numerator, uint32_t *denominator) {
    struct v4l2_streamparm asked;
    memset(&asked, 0, sizeof asked);
    asked.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    asked.parm.capture.timeperframe = (struct v4l2_fract){*denominator, *numerator};
    int error = call(device, VIDIOC_S_PARM, &asked);
    if (error) return error;
    *numerator = asked.parm.capture.timeperframe.denominator;
    *denominator = asked.parm.capture.timeperframe.numerator;
    return 0;
}

int video4linux_request_buffers(int device, uint32_t *count) {
    struct v4l2_requestbuffers asked;
    memset(&asked, 0, sizeof asked);
    asked.count = *count;
    asked.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    asked.memory = V4L2_MEMORY_MMAP;
    int error = call(device, VIDIOC_REQBUFS, &asked);
    if (!error) *count = asked.count;
    return error;
}

static struct v4l2_buffer buffer_of(uint32_t index) {
    struct v4l2_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    buffer.index = index;
    buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer.memory = V4L2_MEMORY_MMAP;
    return buffer;
}

int video4linux_map_buffer(int device, uint32_t index, const void **address, size_t *bytes) {
    struct v4l2_buffer buffer = buffer_of(index);
    int error = call(device, VIDIOC_QUERYBUF, &buffer);
    if (error) return error;
    void *mapping = mmap(NULL, buffer.length, PROT_READ, MAP_SHARED, device, buffer.m.offset);
    if (mapping == MAP_FAILED) return errno;
    *address = mapping;
    *bytes = buffer.length;
    return 0;
}

int video4linux_queue(int device, uint32_t index) {
    struct v4l2_buffer buffer = buffer_of(index);
    return call(device, VIDIOC_QBUF, &buffer);
}

int video4linux_dequeue(int device, video4linux_frame *frame) {
    struct v4l2_buffer buffer = buffer_of(0);
    int error = call(device, VIDIOC_DQBUF, &buffer);
    if (error) return error;
    *frame = (video4linux_frame){buffer.index, buffer.bytesused, buffer.sequence, (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0};
    return 0;
}

int video4linux_stream(int device, int on) {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    return call(device, on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type);
}
