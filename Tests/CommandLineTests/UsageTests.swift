import ESegNetwork
import TestSupport
import Testing

@testable import eseg

@Suite struct UsageTests {
    @Test func everyThingWrongWithAFileIsALineWhateverItsNameHolds() {
        var error = NetworkError(file: "a\nb", field: "first", found: "1", expected: "2")
        #expect(errorLines(error) == [#"a\nb: first: found 1, expected 2"#])
        error.further = [NetworkError(file: "a\nb", field: "second", found: "3", expected: "4")]
        #expect(errorLines(error) == [#"a\nb: first: found 1, expected 2"#, #"a\nb: second: found 3, expected 4"#])
    }

    @Test func helpNamesEveryCommand() throws {
        let result = try Tool.run("--help")
        #expect(result.status == 0)
        for command in ["demo", "quantize", "run", "compare", "bench", "inspect", "merge", "diff", "decode"] {
            #expect(result.output.contains("  \(command) "))
        }
    }

    @Test func outputsAreFilesOfTheirOwn() throws {
        let folder = try TemporaryFolder(), model = folder.path + "/x", other = folder.path + "/./x"
        let refused = try Tool.run("quantize", Tool.weights, "--calibrate", Tool.calibrationFrames, "-o", model, "--json", other)
        #expect(refused.status == 1)
        #expect(refused.errors == "eseg: error: \(other): output: found \(model) to be written there too, expected another file\n")
        try checkDistinct(model, nil, folder.path + "/y")
        try checkDistinct("/dev/null", "/dev/null")
        #expect(throws: Failure.self) { try checkDistinct("none/x", "none/x") }
    }

    @Test func theVersionIsThatOfThePackages() throws {
        let script = try Tool.run([Tool.package + "/Scripts/version"], program: "/bin/sh")
        let result = try Tool.run("--version")
        #expect(result.status == 0 && result.output == script.output)
        #expect(result.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }

    @Test(arguments: [
        (["bench", "model.eseg", "--threads", "0"], "--threads: found 0, expected 1 to 256."),
        (["bench", "model.eseg", "--threads", "-1"], "--threads: found -1, expected 1 to 256."),
        (["bench", "model.eseg", "--threads", "257"], "--threads: found 257, expected 1 to 256."),
        (["bench", "model.eseg", "--threads", "many"], "The value 'many' is invalid for '--threads <n>'"),
        (["bench", "model.eseg", "--cpus", "4-"], "'--cpus <list>': found \"4-\", expected CPUs by number, such as 0,2,4-7"),
        (["bench", "model.eseg", "--size", "480"], "The value '480' is invalid for '--size <WxH>'"),
        (["bench", "model.eseg", "--size", "31x480"], "The value '31x480' is invalid for '--size <WxH>'"),
        (["bench", "model.eseg", "--isa", "mmx"], "The value 'mmx' is invalid for '--isa <name>'"),
        (["bench", "model.eseg", "--runs", "0"], "--runs: found 0, expected 1 to 100000."),
        (["bench", "model.eseg", "--fast"], "Unknown option '--fast'"),
        (["bench"], "Missing expected argument '<model>'"),
        (["run", "model.eseg", "-o", "out"], "Missing expected argument '<image or folder> ...'"),
        (["run", "model.eseg", "street.jpg"], "Missing expected argument '--output <folder>'"),
        (["compare", "weights", "model.eseg"], "Missing expected argument '--data <folder>'"),
        (["compare", "weights", "model.eseg", "--data", ".", "--images", "0"], "--images: found 0, expected at least 1."),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "0/4"], "The value '0/4' is invalid for '--shard <k/n>'"),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "5/4"], "The value '5/4' is invalid for '--shard <k/n>'"),
        (["compare", "w", "m", "--data", ".", "-o", "x", "--shard", "x/y"], "The value 'x/y' is invalid for '--shard <k/n>'"),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "1/4", "--statistics", "s"], "--statistics: found --shard 1/4 too"),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "1/4", "--range", "mse"], "--range: found --shard 1/4 too"),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "1/4", "--measure", "d"], "--measure: found --shard 1/4 too"),
        (["compare", "w", "m", "--data", ".", "--shard", "1/4"], "--shard: found no --output, expected one"),
        (["compare", "w", "m", "--data", ".", "-o", "x", "--shard", "1/4", "--json", "j"], "--json: found --shard 1/4 too"),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--shard", "1/4", "--json", "j"], "--json: found --shard 1/4 too"),
        (["inspect", "m", "--memory", "480x360", "--json", "j"], "--json: found --memory too, expected it without."),
        (["quantize", "w", "--calibrate", ".", "-o", "x", "--progress", "dots"], "The value 'dots' is invalid for '--progress <style>'"),
        (["decode"], "Missing expected argument '<image>'"),
        (["merge", "-o", "x"], "Missing expected argument '<part> ...'"),
        (["segment"], "Unexpected argument 'segment'"),
    ])
    func wrongUsageIsExplained(arguments: [String], reason: String) throws {
        let result = try Tool.run(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func anUnknownInstructionSetInTheEnvironmentIsAnError() throws {
        let result = try Tool.run("bench", Tool.weights, environment: ["ESEG_ISA": "mmx"])
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: ESEG_ISA: found \"mmx\", expected one of this CPU's: scalar"))
    }

    @Test func aCPUThatIsNotThereIsAnError() throws {
        let result = try Tool.run("bench", Tool.weights, "--cpus", "4095")
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: --cpus: found 4095, not online, expected CPUs of 0"))
        #expect(result.output.isEmpty)
    }

    @Test func outputThatCannotBeWrittenIsAnError() throws {
        let result = try Tool.run(["inspect", Tool.weights], outputTo: "/dev/full")
        #expect(result.status == 1)
        #expect(result.errors == "eseg: error: standard output: No space left on device\n")
    }
}
