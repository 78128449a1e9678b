import CESeg
import ESegRuntime
import TestSupport
import Testing

@testable import LibESeg

@Suite struct HandleTests {
    @Test func closingSetsTheHandleToNullAndTwiceDoesNothing() throws {
        let model = try CModel(), session = try CSession(model, width: 48, height: 40)
        for _ in 0..<2 {
            eseg_session_close(&session.handle)
            eseg_model_close(&model.handle)
            #expect(session.handle == nil && model.handle == nil)
        }
        eseg_model_close(nil)
        eseg_session_close(nil)
    }

    @Test func aSessionKeepsWhatItNeedsOfItsModel() throws {
        let model = try CModel(), session = try CSession(model, width: 48, height: 40), image = RGBImage.gradient(width: 48, height: 40)
        let before = try session.classes(of: image)
        eseg_model_close(&model.handle)
        #expect(try session.classes(of: image) == before)
        #expect(text(try session.layer(0).name)?.isEmpty == false)
    }

    @Test func aHandleOfAnotherKindIsRefused() throws {
        let model = try CModel(), session = try CSession(model, width: 48, height: 40)
        var info = eseg_model_info(), sessionInfo = eseg_session_info()
        let refusals = [
            Refusal.of { try Refusal.check { eseg_model_describe(session.handle, &info, $0) } },
            Refusal.of { try Refusal.check { eseg_session_describe(model.handle, &sessionInfo, $0) } },
        ]
        #expect(
            refusals == [
                Refusal(status: 1, message: "model: found no open handle, expected one of an eseg_model"),
                Refusal(status: 1, message: "session: found no open handle, expected one of an eseg_session"),
            ])
    }

    @Test func memoryThatIsNoHandleIsRefusedAndNotClosed() {
        var info = eseg_model_info()
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0xa5)
            var stray = memory.baseAddress.map { OpaquePointer($0) }
            #expect(eseg_model_describe(stray, &info, nil).rawValue == ESEG_INVALID_ARGUMENT.rawValue)
            eseg_model_close(&stray)
            #expect(stray == nil && memory.allSatisfy { $0 == 0xa5 })
        }
        // Pointers that no allocation gives are not even read.
        #expect(eseg_model_describe(OpaquePointer(bitPattern: 1), &info, nil).rawValue == ESEG_INVALID_ARGUMENT.rawValue)
    }
}
