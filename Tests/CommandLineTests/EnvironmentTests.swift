import ESegRuntime
import Foundation
import TestSupport
import Testing

/// What the environment and names of files hold is not the program's choice.
@Suite struct EnvironmentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a shell script in which $0 is `eseg`, $1 the model and $2 a folder with one image, image.png.
    private func run(_ script: String, environment: [String: String] = [:]) throws -> Tool.Result {
        try folder.write(RGBImage.gradient(width: 32, height: 32).pngBytes(), to: "image.png")
        return try Tool.run(
            ["-c", "cd $2; " + script, Tool.path, QuantizedModel.path(), folder.path], program: "/bin/bash", environment: environment)
    }

    /// The parser of LLVM's OpenMP ends the program at some of these, and does not end at others.
    @Test(arguments: [
        ("OMP_NUM_THREADS", ""), ("OMP_NUM_THREADS", "auto"), ("OMP_NUM_THREADS", "0x2"), ("OMP_NUM_THREADS", "1,abc"),
        ("OMP_NUM_THREADS", "99999999999999"), ("OMP_NUM_THREADS", "-1"), ("OMP_THREAD_LIMIT", ""),
        ("OMP_SCHEDULE", "static,99999999999999"),
        ("OMP_STACKSIZE", "all"), ("OMP_PLACES", "{99999999999999}"), ("OMP_PROC_BIND", ","), ("KMP_BLOCKTIME", "99999999999999"),
        ("KMP_AFFINITY", "explicit,proclist=[99999999999999]"), ("KMP_HW_SUBSET", "99999999999999c"), ("KMP_DEVICE_THREAD_LIMIT", ""),
    ])
    func variablesOfOpenMPDoNotMatter(name: String, value: String) throws {
        let result = try run("timeout 20 $0 run $1 image.png -o out --threads 2", environment: [name: value])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.status) \(result.errors)")
    }

    /// OpenMP's runtime ends a process that finds such a file, which those of the same number leave that were killed too early.
    @Test func whatAProcessOfTheSameNumberLeftDoesNotMatter() throws {
        let result = try run(
            "truncate -s 1024 /dev/shm/__KMP_REGISTERED_LIB_$$_$(id -u); echo $$ > number; exec $0 run $1 image.png -o out --threads 2")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(try run("ls /dev/shm/__KMP_REGISTERED_LIB_$(< number)_$(id -u)").status != 0)
    }

    @Test func imagesOfAFolderWhoseNamesAreNoUTF8AreNamedAndTheOthersSegmented() throws {
        let result = try run(
            #"mkdir in; cp image.png in; cp image.png in/$'caf\351.png'; cp image.png in/$'caf\350.png'; $0 run $1 in -o out"#)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix(#"eseg: error: in/caf\xE8.png: name: found bytes that are no UTF-8, expected a name in UTF-8"#))
        #expect(result.errors.hasSuffix("eseg: error: 2 of 3 images could not be segmented\n"), "\(result.errors)")
        #expect(result.output.hasPrefix("in/image.png  32x32"))
    }

    @Test(arguments: [
        #"run $1 $'caf\351.png' -o out"#, #"run $1 image.png -o $'out\351'"#, #"run $'m\351.eseg' image.png -o out"#,
        #"quantize w --calibrate $'f\351' -o x"#, #"compare w m --data d --json $'j\351'"#,
    ])
    func argumentsThatAreNoUTF8AreRefused(arguments: String) throws {
        let result = try run(#"cp image.png $'caf\351.png'; $0 "# + arguments + "; status=$?; ls | wc -l; exit $status")
        #expect(result.status == 64 && result.output == "2\n")
        #expect(result.errors.contains(#"\xE9"#) && result.errors.contains("found a name that is no UTF-8"), "\(result.errors)")
    }

    @Test func whereALinkLeadsNeedNotBeText() throws {
        let result = try run(
            #"mkdir $'real\351'; ln -s $'real\351' out; touch $'real\351'/image.png; ln -s $'real\351'/image.png map; "#
                + #"(cd $'real\351'; $0 run $1 ../image.png -o .); $0 run $1 image.png -o out; find . -name 'image*.png' | wc -l"#)
        #expect(result.status == 0 && result.output.hasSuffix("\n3\n"), "\(result.output) \(result.errors)")
    }

    @Test func namesThatDifferOnlyInHowAccentsAreWrittenAreTwo() throws {
        let result = try run(
            #"mkdir in; cp image.png in/$'caf\u00e9.png'; cp image.png in/$'cafe\u0301.png'; $0 run $1 in -o out; ls out | wc -l"#)
        #expect(result.status == 0 && result.output.hasSuffix("\n4\n"), "\(result.errors)")
    }

    @Test(arguments: ["mkfifo", "mkdir"])
    func whatIsNoFileInAFolderIsNamedAndTheOthersSegmented(command: String) throws {
        let result = try run("mkdir in; cp image.png in/a.png; cp image.png in/z.png; \(command) in/m.png; timeout 20 $0 run $1 in -o out")
        #expect(result.status == 1 && result.output.contains("2 images, median"))
        let kind = command == "mkfifo" ? "a pipe" : "a directory"
        #expect(result.errors.hasPrefix("eseg: error: in/m.png: file: found \(kind), expected a regular file\n"), "\(result.errors)")
    }

    @Test func aPipeThatIsNamedIsRead() throws {
        #expect(try run("$0 run $1 <(cat image.png) -o out").status == 0)
    }

    @Test(arguments: [("quantize", "--calibrate in -o x.eseg"), ("compare", "$1 --data in")])
    func framesThatAreNoFilesEndWhatNeedsAll(command: String, options: String) throws {
        let result = try run("mkdir in; cp image.png in/a.png; mkfifo in/m.png; timeout 20 $0 \(command) \(Tool.weights) \(options)")
        #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: in/m.png: file: found a pipe, expected a regular file"))
    }

    /// A name with a leading dash is read as flags.
    @Test(arguments: ["-dash.jpg", "-hat.jpg", "-o.jpg", "-x"])
    func helpThatNobodyAskedForIsAnError(name: String) throws {
        let result = try run("cp image.png ./\(name); $0 run $1 \(name) -o out")
        #expect(result.status == 64 && result.output.isEmpty && result.errors.hasPrefix("Error: "), "\(result.errors)")
        #expect(try run("$0 run $1 -o out -- \(name)").status == 0)
    }

    @Test(arguments: ["-h", "--help", "help", "run -h", "run --help", "help run", "--version", "run --generate-completion-script bash"])
    func helpThatIsAskedForIsGiven(arguments: String) throws {
        let result = try run("$0 \(arguments)")
        #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty, "\(result.errors)")
    }
}
