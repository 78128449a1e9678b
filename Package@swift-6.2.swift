// swift-tools-version: 6.2
import PackageDescription

/// OpenMP's header and library: LLVM 19's, the oldest whose runtime serves the compilers this package supports.
let ompInclude = Context.environment["OMP_INCLUDE"] ?? "/usr/lib/llvm-19/lib/clang/19/include"
let ompLibrary = Context.environment["OMP_LIB"] ?? "/usr/lib/llvm-19/lib"
/// Where programs look for the library: packages bring their own.
let ompRunPath = Context.environment["OMP_RUNPATH"] ?? ompLibrary

let kernelFlags: [CSetting] = [
    .unsafeFlags([
        "-O3", "-std=c11", "-fPIC", "-ffp-contract=off", "-fno-math-errno", "-fopenmp", "-idirafter", ompInclude, "-Wall", "-Wextra",
    ])
]
let openMP: [LinkerSetting] = [
    .unsafeFlags(["-L\(ompLibrary)", "-Xlinker", "-rpath", "-Xlinker", ompRunPath]),
    .linkedLibrary("omp"), .linkedLibrary("m"),
]

/// Where Swift's static libraries are, for a system that is not the compiler's.
let staticSwift = Context.environment["SWIFT_STATIC"].map { ["-resource-dir", $0] } ?? []
/// The C library: Swift's own inside, and none but the header's functions outside.
let library =
    staticSwift + [
        "-use-ld=lld", "-static-stdlib", "-Xlinker", "-soname=libeseg.so.0", "-Xlinker", "--gc-sections", "-Xlinker",
        "--version-script=\(Context.packageDirectory)/Sources/LibESegShared/libeseg.map",
    ]

/// Tests say what they test in macros, which compile slowly; what they test is as optimized as the build is.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

/// The driver of `make fuzz`, whose main function comes with libFuzzer: no other build can link it.
let fuzzing: [Target] =
    Context.environment["ESEG_FUZZING"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver", swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "eseg",
    products: [
        .library(name: "ESegRuntime", targets: ["ESegRuntime"]),
        .library(name: "ESegImaging", targets: ["ESegImaging"]),
        .library(name: "Quantization", targets: ["Quantization"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .executable(name: "eseg", targets: ["eseg"]),
        .library(name: "LibESeg", type: .dynamic, targets: ["LibESegShared"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        .target(name: "Kernels", path: "Kernels", exclude: ["README.md"], cSettings: kernelFlags, linkerSettings: openMP),
        .target(name: "ESegNetwork", dependencies: ["Kernels"]),
        .target(name: "ESegRuntime", dependencies: ["ESegNetwork", "Kernels"]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .target(name: "ImageCodecs", dependencies: ["CJPEG", "CPNG"]),
        .target(name: "Video4Linux"),
        .target(name: "HTTPServer"),
        .target(name: "PixelFormats"),
        .target(name: "ESegImaging", dependencies: ["ESegRuntime", "ImageCodecs", "PixelFormats", "Video4Linux"]),
        .target(name: "CESeg"),
        .target(name: "LibESeg", dependencies: ["CESeg", "ESegNetwork", "ESegRuntime", "PixelFormats"]),
        .target(
            name: "LibESegShared", dependencies: ["LibESeg"], exclude: ["libeseg.map"], linkerSettings: [.unsafeFlags(library)]),
        .target(name: "Interchange", dependencies: ["ESegNetwork"]),
        .target(name: "Texts"),
        .target(name: "Quantization", dependencies: ["ESegRuntime", "Texts"], path: "Calibration/Quantization"),
        .target(name: "Evaluation", dependencies: ["ESegRuntime", "Quantization", "Texts"], path: "Calibration/Evaluation"),
        .executableTarget(
            name: "eseg",
            dependencies: [
                "ESegImaging", "Evaluation", "HTTPServer", "Interchange", "Quantization", "Texts",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "KernelHarness", dependencies: ["Kernels"], path: "Tests/KernelHarness", cSettings: kernelFlags),
        .target(name: "TestSupport", dependencies: ["ESegImaging", "ESegRuntime", "Kernels"], path: "Tests/TestSupport"),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "ESegImaging", "ESegRuntime", "Evaluation", "ImageCodecs", "Interchange", "Quantization", "TestSupport", "Video4Linux",
            ],
            path: "Tests/Fuzz/Targets"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: unoptimized),
        .testTarget(name: "ESegNetworkTests", dependencies: ["ESegNetwork"], swiftSettings: unoptimized),
        .testTarget(
            name: "ESegRuntimeTests", dependencies: ["ESegRuntime", "ESegImaging", "Quantization", "TestSupport"],
            swiftSettings: unoptimized),
        .testTarget(name: "ESegImagingTests", dependencies: ["ESegImaging", "TestSupport", "Video4Linux"], swiftSettings: unoptimized),
        .testTarget(
            name: "LibESegTests", dependencies: ["CESeg", "ESegImaging", "LibESeg", "TestSupport"], exclude: ["abi"],
            swiftSettings: unoptimized),
        .testTarget(name: "TextsTests", dependencies: ["Texts"], swiftSettings: unoptimized),
        .testTarget(name: "QuantizationTests", dependencies: ["Quantization", "ESegImaging", "TestSupport"], swiftSettings: unoptimized),
        .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "TestSupport"], swiftSettings: unoptimized),
        .testTarget(
            name: "InterchangeTests", dependencies: ["Interchange", "Quantization", "ESegRuntime", "TestSupport"],
            swiftSettings: unoptimized),
        .testTarget(
            name: "CommandLineTests", dependencies: ["eseg", "ESegImaging", "Interchange", "KernelHarness", "TestSupport"],
            swiftSettings: unoptimized),
    ] + fuzzing
)

/// Some targets of tests alone, by their names: what sanitizers do not watch need not be compiled for them.
if let names = Context.environment["ESEG_TESTS"]?.split(separator: " ").map(String.init) {
    package.targets.removeAll { $0.isTest && !names.contains($0.name) }
}
