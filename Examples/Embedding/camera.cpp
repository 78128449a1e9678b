// Shows a camera's or a file's frames under the colors of their classes, until a key is pressed:
//
//     camera MODEL.eseg [DEVICE, FILE or URL [OVERLAYS.avi]]
//
// With a file to write to, frames go there instead of a window.
//
//     c++ -o camera camera.cpp $(pkg-config --cflags --libs eseg opencv4)
#include <eseg.h>

#include <iostream>
#include <memory>
#include <opencv2/opencv.hpp>
#include <stdexcept>
#include <string>

/// A network and what it needs for frames of one size; its functions throw what the library reports.
class Segmenter {
public:
    Segmenter(const char *path, cv::Size size) : classes_(size, CV_8U), colors_(1, 256, CV_8UC3, cv::Scalar(0)) {
        eseg_error error;
        eseg_model *model = nullptr;
        check(eseg_model_open(path, nullptr, &model, &error), error);
        model_.reset(model);
        eseg_session_options options{};
        options.width = size.width;
        options.height = size.height;
        eseg_session *session = nullptr;
        check(eseg_session_open(model, &options, &session, &error), error);
        session_.reset(session);

        eseg_model_info info;
        check(eseg_model_describe(model, &info, &error), error);
        for (int index = 0; index < info.classes; ++index) {
            eseg_class one;
            check(eseg_model_class(model, index, &one, &error), error);
            colors_.at<cv::Vec3b>(index) = {one.blue, one.green, one.red};
        }
    }

    /// The class of each pixel of a frame as OpenCV has it: BGR, rows of any stride.
    const cv::Mat &segment(const cv::Mat &frame) {
        if (frame.type() != CV_8UC3) throw std::runtime_error("expected frames of 3 bytes a pixel");
        eseg_error error;
        eseg_image image{};
        image.format = ESEG_BGR;
        image.width = frame.cols;
        image.height = frame.rows;
        image.planes[0] = frame.data;
        image.strides[0] = static_cast<ptrdiff_t>(frame.step);
        eseg_result result{};
        result.classes = classes_.data;
        result.classes_stride = static_cast<ptrdiff_t>(classes_.step);
        check(eseg_segment(session_.get(), &image, &result, &error), error);
        return classes_;
    }

    /// The frame under the colors of its last classes.
    cv::Mat overlay(const cv::Mat &frame) const {
        cv::Mat planes, colored, both;
        cv::merge(std::vector<cv::Mat>(3, classes_), planes);
        cv::LUT(planes, colors_, colored);
        cv::addWeighted(frame, 0.5, colored, 0.5, 0, both);
        return both;
    }

private:
    static void check(eseg_status status, const eseg_error &error) {
        if (status != ESEG_OK) throw std::runtime_error(error.message);
    }

    struct Close {
        void operator()(eseg_model *model) const { eseg_model_close(&model); }
        void operator()(eseg_session *session) const { eseg_session_close(&session); }
    };

    std::unique_ptr<eseg_model, Close> model_;
    std::unique_ptr<eseg_session, Close> session_;
    cv::Mat classes_, colors_;
};

int main(int count, char **arguments) try {
    if (count < 2 || count > 4) throw std::runtime_error("usage: camera MODEL.eseg [DEVICE, FILE or URL [OVERLAYS.avi]]");
    const std::string source = count > 2 ? arguments[2] : "0";
    const bool isDevice = source.find_first_not_of("0123456789") == std::string::npos;
    cv::VideoCapture camera;
    if (!(isDevice ? camera.open(std::stoi(source)) : camera.open(source))) throw std::runtime_error(source + ": no frames can be read");

    cv::Mat frame;
    std::unique_ptr<Segmenter> segmenter;
    cv::VideoWriter writer;
    while (camera.read(frame)) {
        if (!segmenter) segmenter = std::make_unique<Segmenter>(arguments[1], frame.size());
        segmenter->segment(frame);
        const cv::Mat shown = segmenter->overlay(frame);
        if (count == 4) {
            if (!writer.isOpened()) writer.open(arguments[3], cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25, frame.size());
            if (!writer.isOpened()) throw std::runtime_error(std::string(arguments[3]) + ": cannot be written");
            writer.write(shown);
        } else {
            cv::imshow("eseg", shown);
            if (cv::waitKey(1) >= 0) break;
        }
    }
    if (!segmenter) throw std::runtime_error(source + ": found no frame");
    return 0;
} catch (const std::exception &problem) {
    std::cerr << "camera: " << problem.what() << '\n';
    return 1;
}
