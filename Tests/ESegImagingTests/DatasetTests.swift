import ESegRuntime
import Foundation
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct ImageFolderTests {
    @Test func listsImagesSortedByName() throws {
        let folder = try TemporaryFolder()
        for name in ["b.PNG", "a10.jpg", "a9.jpeg", "notes.txt", ".hidden.png", "B.jpg"] { try folder.write([], to: name) }
        #expect(try ImageFolder(path: folder.path).names == ["B.jpg", "a10.jpg", "a9.jpeg", "b.PNG"])
    }

    @Test func anEmptyFolderIsAnError() throws {
        let folder = try TemporaryFolder()
        let error = imageError { try ImageFolder(path: folder.path) }
        #expect(error?.description == "\(folder.path): folder: found no images, expected files named *.jpeg, *.jpg, *.png")
    }

    @Test func aPipeIsNoImage() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "a.png")
        #expect(mkfifo(folder.path + "/pipe.png", 0o600) == 0)
        let images = try ImageFolder(path: folder.path)
        #expect(images.names == ["a.png"])
        #expect(images.unusable.map(\.description) == ["\(folder.path)/pipe.png: file: found a pipe, expected a regular file"])
        #expect(throws: images.unusable[0]) { try images.complete() }
    }

    @Test func aMissingFolderIsAnError() {
        let error = imageError { try ImageFolder(path: "/nonexistent/frames") }
        #expect(error?.description == "/nonexistent/frames: file: found no such file or directory, expected a readable folder")
    }
}

@Suite struct DatasetTests {
    private let image = RGBImage.gradient(width: 4, height: 2)
    private let labels = PNGBuilder(width: 4, height: 2, type: .gray, rows: [[0, 1, 2, 3], [0, 1, 2, 255]])

    @Test func pairsFramesAndLabelsByName() throws {
        let folder = try TemporaryFolder()
        try folder.write(image.jpegBytes(), to: "images/b.jpg")
        try folder.write(image.pngBytes(), to: "images/a.png")
        try folder.write(image.pngBytes(), to: "images/unlabeled.png")
        for name in ["a", "b"] { try folder.write(labels.bytes, to: "labels/\(name).png") }
        let dataset = try Dataset(path: folder.path)
        #expect(dataset.pairs.map(\.name) == ["a", "b"] && dataset.unlabeled == ["unlabeled.png"])
        let (frame, truth) = try dataset.pairs[0].load(classCount: 3)
        #expect(frame == image)
        #expect(truth.classes == [0, 1, 2, 255, 0, 1, 2, 255])
    }

    @Test func missingOrEmptyFoldersAreErrors() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ImageError.self) { try Dataset(path: folder.path) }
        try folder.write(image.pngBytes(), to: "images/a.png")
        let missing = imageError { try Dataset(path: folder.path) }
        #expect(missing?.file == "\(folder.path)/labels")
        _ = try folder.makeFolder("labels")
        let empty = imageError { try Dataset(path: folder.path) }
        #expect(empty?.description == "\(folder.path)/labels: folder: found no images, expected files named *.png")
    }

    @Test func aLabelWithoutFrameIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write(image.pngBytes(), to: "images/a.png")
        try folder.write(labels.bytes, to: "labels/b.png")
        let error = imageError { try Dataset(path: folder.path) }
        #expect(error?.description == "\(folder.path)/labels/b.png: frame: found none, expected b.jpg or b.png in \(folder.path)/images")
    }

    @Test func twoFramesOfOneNameAreAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write(image.pngBytes(), to: "images/a.png")
        try folder.write(image.jpegBytes(), to: "images/a.jpg")
        try folder.write(labels.bytes, to: "labels/a.png")
        let error = imageError { try Dataset(path: folder.path) }
        #expect(error?.description == "\(folder.path)/images: frame a: found a.jpg and a.png, expected one file")
    }

    @Test func aLabelOfAnotherSizeIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write(RGBImage.gradient(width: 5, height: 2).pngBytes(), to: "images/a.png")
        try folder.write(labels.bytes, to: "labels/a.png")
        let pair = try #require(try Dataset(path: folder.path).pairs.first)
        let error = imageError { try pair.load(classCount: 3) }
        #expect(error?.description == "\(pair.labelPath): size: found 4x2, expected 5x2, the size of \(pair.imagePath)")
    }
}
