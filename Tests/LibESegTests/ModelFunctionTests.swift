import CESeg
import ESegNetwork
import ESegRuntime
import Foundation
import TestSupport
import Testing

@testable import LibESeg

@Suite struct ModelFunctionTests {
    @Test func aModelTellsWhatItsFileSays() throws {
        let model = try CModel(), info = try model.info, known = try Model(contentsOf: Fixture.path)
        #expect(text(info.name) == known.description.name)
        #expect(text(info.isa) == ISA.best.description)
        #expect(Int(info.classes) == known.classNames.count)
        #expect(info.width == 0 && info.height == 0)
        #expect(info.least_side == 32 && info.greatest_side == 16384)
        #expect([info.mean.0, info.mean.1, info.mean.2] == known.description.mean)
        #expect([info.std.0, info.std.1, info.std.2] == known.description.std)
        #expect(info.logit_scale > 0 && info.logit_scale.isFinite)
        #expect(info.doubt_margin == known.doubt.margin && info.doubtful_share == -1)
        let palette = Palette(classNames: known.classNames)
        for index in 0..<info.classes {
            let one = try model.classInfo(index), color = palette[UInt8(index)]
            #expect(text(one.name) == known.classNames[Int(index)])
            #expect([one.red, one.green, one.blue] == [color.red, color.green, color.blue])
        }
    }

    @Test func theSizeThatItWasMadeForIsTold() throws {
        let place = try TemporaryFolder()
        let info = try CModel(Fixture.made(for: MapSize(height: 64, width: 96), in: place)).info
        #expect(info.width == 96 && info.height == 64)
    }

    @Test func bytesInMemoryAreAsGoodAsAFileAndNotNeededAfterwards() throws {
        let image = RGBImage.gradient(width: 48, height: 40)
        let fromFile = try CSession(try CModel(), width: 48, height: 40).classes(of: image)
        let fromMemory = try CSession(try CModel(bytes: Fixture.bytes), width: 48, height: 40).classes(of: image)
        #expect(fromFile == fromMemory)
    }

    @Test func everyInstructionSetOfTheCPUCanBeChosen() throws {
        let image = RGBImage.gradient(width: 48, height: 40)
        let best = try CSession(try CModel(), width: 48, height: 40).classes(of: image)
        for isa in ISA.supported {
            let model = try CModel(isa: isa.description)
            #expect(text(try model.info.isa) == isa.description)
            #expect(try CSession(model, width: 48, height: 40).classes(of: image) == best, "\(isa)")
        }
    }

    @Test func theVersionIsThePackages() { #expect(text(eseg_version()) == "\(version)") }

    @Test func whatCannotBeReadIsToldByFileAndField() throws {
        let folder = try TemporaryFolder()
        let damaged = try folder.write(Fixture.bytes.dropLast(100) + [UInt8](repeating: 7, count: 100), to: "damaged.eseg")
        for path in ["no.eseg", "", folder.path, damaged] {
            let refusal = Refusal.of { _ = try CModel(path) }
            #expect(refusal?.status == ESEG_BAD_MODEL.rawValue)
            #expect(refusal?.message.hasPrefix("\(path): ") == true && refusal?.message.contains("expected ") == true, "\(path)")
        }
        let refusal = Refusal.of { _ = try CModel(bytes: Array(Fixture.bytes.prefix(999))) }
        #expect(refusal?.status == ESEG_BAD_MODEL.rawValue && refusal?.message.hasPrefix("memory: ") == true)
    }

    @Test func argumentsThatCannotBeAreNamed() throws {
        func refusal(_ call: (UnsafeMutablePointer<eseg_error>) -> eseg_status) -> Refusal? { Refusal.of { try Refusal.check(call) } }
        let invalid = ESEG_INVALID_ARGUMENT.rawValue
        var handle: OpaquePointer?, info = eseg_model_info(), one = eseg_class(), bytes = Fixture.bytes
        let model = try CModel(), count = try model.info.classes
        let refusals = [
            refusal { eseg_model_open(nil, nil, &handle, $0) }, refusal { eseg_model_open(Fixture.path, nil, nil, $0) },
            refusal { eseg_model_open_memory(nil, 5, nil, &handle, $0) }, refusal { eseg_model_open_memory(&bytes, 0, nil, &handle, $0) },
            refusal { eseg_model_open_memory(&bytes, Int.min, nil, &handle, $0) }, refusal { eseg_model_describe(nil, &info, $0) },
            refusal { eseg_model_describe(model.handle, nil, $0) }, refusal { eseg_model_class(nil, 0, &one, $0) },
            refusal { eseg_model_class(model.handle, 0, nil, $0) }, refusal { eseg_model_class(model.handle, -1, &one, $0) },
            refusal { eseg_model_class(model.handle, count, &one, $0) },
        ]
        #expect(refusals.map { $0?.status } == refusals.map { _ in invalid })
        #expect(
            refusals.map { $0?.message.split(separator: ":").first.map(String.init) } == [
                "path", "model", "bytes", "size", "size", "model", "info", "model", "class_info", "index", "index",
            ])
        #expect(handle == nil)
    }

    @Test func anInstructionSetThatTheCPULacksIsRefused() {
        let refusal = Refusal.of { _ = try CModel(isa: "abacus") }
        #expect(refusal?.status == ESEG_INVALID_ARGUMENT.rawValue)
        #expect(refusal?.message.hasPrefix("options.isa: found \"abacus\", expected one of this CPU's: scalar") == true)
    }

    @Test func aTextThatIsNoUTF8IsRefused() {
        var handle: OpaquePointer?
        let refusal = Refusal.of { try Refusal.check { eseg_model_open([CChar(bitPattern: 0xe9), 0], nil, &handle, $0) } }
        #expect(refusal == Refusal(status: 1, message: "path: found a text that is no UTF-8, expected UTF-8"))
    }

    @Test func whereNobodyAsksWhatWentWrongItIsNotTold() {
        var handle: OpaquePointer?
        #expect(eseg_model_open("no.eseg", nil, &handle, nil).rawValue == ESEG_BAD_MODEL.rawValue)
    }

    @Test func aMessageThatIsTooLongIsCutBetweenCharacters() {
        let refusal = Refusal.of { _ = try CModel(String(repeating: "é", count: 600)) }
        #expect(refusal?.message == String(repeating: "é", count: 509))
    }
}
