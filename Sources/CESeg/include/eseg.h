/// eseg: semantic segmentation of images by int8 networks, on CPUs.
///
///     eseg_error error;
///     eseg_model *model = NULL;
///     eseg_session *session = NULL;
///     eseg_session_options options = {.width = 480, .height = 360};
///     if (eseg_model_open("eseg-edge.eseg", NULL, &model, &error) || eseg_session_open(model, &options, &session, &error))
///         return fprintf(stderr, "%s\n", error.message), 1;
///     eseg_image image = {.format = ESEG_RGB, .width = 480, .height = 360, .planes = {pixels}};
///     eseg_result result = {.classes = classes};
///     if (eseg_segment(session, &image, &result, &error)) ...
///     eseg_session_close(&session);
///     eseg_model_close(&model);
///
/// Every struct that a caller fills in may be set to zeros first: what stays zero has a default.
///
/// **Errors.** Functions that can fail return an eseg_status, 0 for success, and write what went wrong to `error`, which may be NULL. What
/// they were to give is then untouched, or NULL where it is a handle.
///
/// **Threads.** A model may be used by any number of threads at once. A session is used by one at a time; a second one that comes while
/// eseg_segment works gets ESEG_BUSY. Which thread that is does not matter.
///
/// **Memory.** Whoever opens a handle closes it, in any order: a session keeps what it needs of its model. Texts that the library gives belong
/// to the handle and live as long as it does. Buffers are the caller's and are not kept. After a session's first image, eseg_segment
/// allocates nothing.
#ifndef ESEG_H
#define ESEG_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define ESEG_API __attribute__((visibility("default")))
#else
#define ESEG_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// A network, read and packed for an instruction set.
typedef struct eseg_model eseg_model;

/// A model laid out for one size of images, with threads and memory of its own.
typedef struct eseg_session eseg_session;

/// What a call came to.
typedef enum eseg_status {
    ESEG_OK = 0,
    ESEG_INVALID_ARGUMENT = 1,  ///< a null pointer, a size, stride, format or option that cannot be
    ESEG_BAD_MODEL = 2,         ///< a file that cannot be read, or is no int8 network that this version knows
    ESEG_NO_MEMORY = 3,
    ESEG_NO_THREADS = 4,  ///< the system refuses threads or CPUs
    ESEG_BUSY = 5,        ///< another thread is using the session
} eseg_status;

/// Filled in by a call that fails; left alone by others.
typedef struct eseg_error {
    eseg_status status;
    char message[1020];  ///< names the file or argument, the field, what was found and what was expected; UTF-8, ends with a 0
} eseg_error;

/// The library's version, "MAJOR.MINOR.PATCH".
ESEG_API const char *eseg_version(void);

// Models

typedef struct eseg_model_options {
    const char *isa;  ///< instruction set of the kernels, as `eseg bench --help` names them; NULL: the CPU's best. Results are the same
} eseg_model_options;

/// Opens an .eseg file. `options` may be NULL.
ESEG_API eseg_status eseg_model_open(const char *path, const eseg_model_options *options, eseg_model **model, eseg_error *error);

/// The same from a file's bytes, which are not needed afterwards.
ESEG_API eseg_status eseg_model_open_memory(const void *bytes, size_t size, const eseg_model_options *options, eseg_model **model,
                                            eseg_error *error);

/// Closes a model and sets the handle to NULL. Nothing happens where `model` or `*model` is NULL.
ESEG_API void eseg_model_close(eseg_model **model);

typedef struct eseg_model_info {
    const char *name;
    const char *isa;
    int32_t classes;                    ///< classes of pixels, 1 to 255
    int32_t width, height;              ///< the size that the network was made for; 0 where any is as good
    int32_t least_side, greatest_side;  ///< of images that a session takes without resizing
    float mean[3], std[3];              ///< of red, green, blue: the network reads (pixel / 255 - mean) / std, as the library makes it
    float logit_scale;                  ///< of int16 logits
    float doubt_margin;    ///< pixels whose best two logits are closer than about this, which differs by their classes, are doubtful
    float doubtful_share;  ///< of calibration's pixels that were doubtful; below 0 where that was not calibrated
} eseg_model_info;

ESEG_API eseg_status eseg_model_describe(const eseg_model *model, eseg_model_info *info, eseg_error *error);

typedef struct eseg_class {
    const char *name;
    uint8_t red, green, blue;  ///< its color in the pictures that `eseg` makes
} eseg_class;

/// A class by its index, from 0.
ESEG_API eseg_status eseg_model_class(const eseg_model *model, int32_t index, eseg_class *class_info, eseg_error *error);

// Sessions

typedef struct eseg_session_options {
    int32_t width, height;              ///< of images
    int32_t input_width, input_height;  ///< what images are resized to for the network; 0: the size it was made for, or none: as they are
    int32_t threads;                    ///< 1 to 256; 0: one for each of `cpus`, or of the fastest CPUs that the process may use
    const char *cpus;  ///< CPUs to pin threads to while eseg_segment works, such as "4-7" or "0,2"; NULL: the system chooses
} eseg_session_options;

ESEG_API eseg_status eseg_session_open(eseg_model *model, const eseg_session_options *options, eseg_session **session, eseg_error *error);

/// Closes a session and sets the handle to NULL. Nothing happens where `session` or `*session` is NULL.
ESEG_API void eseg_session_close(eseg_session **session);

typedef enum eseg_format {
    ESEG_RGB = 0,   ///< 3 bytes a pixel
    ESEG_BGR = 1,   ///< 3 bytes a pixel, as OpenCV has them
    ESEG_RGBA = 2,  ///< 4 bytes a pixel, the last of which does not matter
    ESEG_BGRA = 3,
    ESEG_GRAY = 4,  ///< 1 byte a pixel
    ESEG_NV12 = 5,  ///< planes[0]: luma; planes[1]: Cb and Cr in turns, of 2x2 pixels; BT.601, 16 to 235, as cameras give it
    ESEG_YUYV = 6,  ///< 4 bytes for 2 pixels: luma, Cb, luma, Cr
} eseg_format;

/// An image of the session's size, rows top to bottom.
typedef struct eseg_image {
    eseg_format format;
    int32_t width, height;
    const uint8_t *planes[2];  ///< the second of ESEG_NV12 alone
    ptrdiff_t strides[2];      ///< bytes from one row to the next, negative where rows lie bottom to top; 0: rows without gaps
} eseg_image;

/// Where the results of an image go; what is NULL is not wanted.
typedef struct eseg_result {
    uint8_t *classes;          ///< class of each pixel
    ptrdiff_t classes_stride;  ///< bytes from one row to the next; 0: the width
    uint8_t *doubt;            ///< doubt of each pixel: 255 where two classes are equally likely, 128 and more where it is doubtful
    ptrdiff_t doubt_stride;
    int16_t *
        logits;  ///< logits before upsampling, [logit_height][logit_width][classes] as eseg_session_describe tells, in steps of logit_scale
    size_t logit_count;  ///< room at `logits`, in elements
} eseg_result;

/// Segments an image.
ESEG_API eseg_status eseg_segment(eseg_session *session, const eseg_image *image, const eseg_result *result, eseg_error *error);

typedef struct eseg_session_info {
    int32_t width, height, input_width, input_height, threads;
    int32_t logit_width, logit_height;
    int32_t layers;         ///< steps of the network
    size_t bytes;           ///< memory of the session and its model
    double milliseconds;    ///< that the last image took, conversion and resizing included; 0 before the first
    double doubtful_share;  ///< of the last image's pixels; below 0 where doubt was not asked for
} eseg_session_info;

ESEG_API eseg_status eseg_session_describe(const eseg_session *session, eseg_session_info *info, eseg_error *error);

typedef struct eseg_layer {
    const char *name;
    const char *kind;     ///< what is fused in it, such as "conv1x1+depthwise3x3+conv1x1"
    int64_t macs;         ///< multiply-accumulates of an image
    int64_t bytes;        ///< of the maps and weights that it reads and writes
    double milliseconds;  ///< that it took of the last image
} eseg_layer;

/// A step of the network by its index, from 0, in the order they run.
ESEG_API eseg_status eseg_session_layer(const eseg_session *session, int32_t index, eseg_layer *layer, eseg_error *error);

#ifdef __cplusplus
}
#endif

#endif
