import CESeg
import Foundation
import Testing

/// What programs were compiled with stays as it was: a change here is a new `soname`.
@Suite struct ABITests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    /// The committed list, by its first word.
    private func lines(_ kind: String) throws -> [String] {
        try String(contentsOf: Self.folder.appendingPathComponent("abi"), encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(kind + " ") }
    }

    private func source(_ path: String) throws -> String {
        let package = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
    }

    /// Names of functions that a text has with a character behind them.
    private func functions(in text: String, before end: Character) -> [String] {
        let parts = text.split(separator: end).dropLast().compactMap { part in
            part.split { !($0.isLetter || $0.isNumber || $0 == "_") }.last.map(String.init)
        }
        return parts.filter { $0.hasPrefix("eseg_") }
    }

    @Test func theHeadersFunctionsAreExportedAndNoOthers() throws {
        let listed = try lines("function").map { String($0.dropFirst("function ".count)) }
        let declared = try source("Sources/CESeg/include/eseg.h").split(separator: "\n").filter { $0.hasPrefix("ESEG_API ") }
        #expect(declared.flatMap { functions(in: String($0), before: "(") } == listed)
        #expect(try functions(in: source("Sources/LibESegShared/libeseg.map"), before: ";") == listed)
        #expect(listed.count <= 15)
    }

    @Test func structsLieInMemoryAsEver() throws {
        let layouts = [
            layout(eseg_error.self, [("status", \.status), ("message", \.message)]),
            layout(eseg_model_options.self, [("isa", \.isa)]),
            layout(
                eseg_model_info.self,
                [
                    ("name", \.name), ("isa", \.isa), ("classes", \.classes), ("width", \.width), ("height", \.height),
                    ("least_side", \.least_side), ("greatest_side", \.greatest_side), ("mean", \.mean), ("std", \.std),
                    ("logit_scale", \.logit_scale), ("doubt_margin", \.doubt_margin), ("doubtful_share", \.doubtful_share),
                ]),
            layout(eseg_class.self, [("name", \.name), ("red", \.red), ("green", \.green), ("blue", \.blue)]),
            layout(
                eseg_session_options.self,
                [
                    ("width", \.width), ("height", \.height), ("input_width", \.input_width), ("input_height", \.input_height),
                    ("threads", \.threads), ("cpus", \.cpus),
                ]),
            layout(
                eseg_image.self,
                [("format", \.format), ("width", \.width), ("height", \.height), ("planes", \.planes), ("strides", \.strides)]),
            layout(
                eseg_result.self,
                [
                    ("classes", \.classes), ("classes_stride", \.classes_stride), ("doubt", \.doubt), ("doubt_stride", \.doubt_stride),
                    ("logits", \.logits), ("logit_count", \.logit_count),
                ]),
            layout(
                eseg_session_info.self,
                [
                    ("width", \.width), ("height", \.height), ("input_width", \.input_width), ("input_height", \.input_height),
                    ("threads", \.threads), ("logit_width", \.logit_width), ("logit_height", \.logit_height), ("layers", \.layers),
                    ("bytes", \.bytes), ("milliseconds", \.milliseconds), ("doubtful_share", \.doubtful_share),
                ]),
            layout(
                eseg_layer.self,
                [("name", \.name), ("kind", \.kind), ("macs", \.macs), ("bytes", \.bytes), ("milliseconds", \.milliseconds)]),
        ]
        #expect(try lines("struct") == layouts)
    }

    @Test func numbersOfEnumerationsStay() throws {
        let statuses = [ESEG_OK, ESEG_INVALID_ARGUMENT, ESEG_BAD_MODEL, ESEG_NO_MEMORY, ESEG_NO_THREADS, ESEG_BUSY].map(\.rawValue)
        let formats = [ESEG_RGB, ESEG_BGR, ESEG_RGBA, ESEG_BGRA, ESEG_GRAY, ESEG_NV12, ESEG_YUYV].map(\.rawValue)
        #expect(statuses == [0, 1, 2, 3, 4, 5] && formats == [0, 1, 2, 3, 4, 5, 6])
    }

    /// "struct NAME SIZE field@offset ...".
    private func layout<Struct>(_ type: Struct.Type, _ fields: [(String, PartialKeyPath<Struct>)]) -> String {
        let places = fields.map { name, path in "\(name)@\(MemoryLayout<Struct>.offset(of: path) ?? -1)" }
        return "struct \(type) \(MemoryLayout<Struct>.size) \(places.joined(separator: " "))"
    }
}
