// swift-tools-version: 6.2
import PackageDescription

/// OpenMP's header and library: LLVM 19's, the oldest whose runtime serves the compilers this package supports.
let ompInclude = Context.environment["OMP_INCLUDE"] ?? "/usr/lib/llvm-19/lib/clang/19/include"
let ompLibrary = Context.environment["OMP_LIB"] ?? "/usr/lib/llvm-19/lib"
/// Where programs look for the library: packages bring their own.
let ompRunPath = Context.environment["OMP_RUNPATH"] ?? ompLibrary

let kernelFlags: [CSetting] = [
    .unsafeFlags(["-O3", "-std=c11", "-ffp-contract=off", "-fno-math-errno", "-fopenmp", "-idirafter", ompInclude, "-Wall", "-Wextra"])
]
let openMP: [LinkerSetting] = [
    .unsafeFlags(["-L\(ompLibrary)", "-Xlinker", "-rpath", "-Xlinker", ompRunPath]),
    .linkedLibrary("omp"), .linkedLibrary("m"),
]

let package = Package(
    name: "eseg",
    products: [
        .library(name: "ESegRuntime", targets: ["ESegRuntime"]),
        .library(name: "ESegImaging", targets: ["ESegImaging"]),
        .library(name: "Calibration", targets: ["Calibration"]),
        .executable(name: "eseg", targets: ["eseg"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        .target(name: "Kernels", path: "Kernels", cSettings: kernelFlags, linkerSettings: openMP),
        .target(name: "ESegNetwork", dependencies: ["Kernels"]),
        .target(name: "ESegRuntime", dependencies: ["ESegNetwork", "Kernels"]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .target(name: "ImageCodecs", dependencies: ["CJPEG", "CPNG"]),
        .target(name: "Video4Linux"),
        .target(name: "ESegImaging", dependencies: ["ESegRuntime", "ImageCodecs", "Video4Linux"]),
        .target(name: "Interchange", dependencies: ["ESegNetwork"]),
        .target(name: "Calibration", dependencies: ["ESegRuntime"], path: "Calibration"),
        .executableTarget(
            name: "eseg",
            dependencies: [
                "Calibration", "ESegImaging", "Interchange",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "KernelHarness", dependencies: ["Kernels"], path: "Tests/KernelHarness", cSettings: kernelFlags),
        .target(name: "TestSupport", dependencies: ["ESegImaging"], path: "Tests/TestSupport"),
        .testTarget(name: "ESegNetworkTests", dependencies: ["ESegNetwork"]),
        .testTarget(name: "ESegRuntimeTests", dependencies: ["ESegRuntime", "ESegImaging", "Calibration"]),
        .testTarget(name: "ESegImagingTests", dependencies: ["ESegImaging", "TestSupport", "Video4Linux"]),
        .testTarget(name: "CalibrationTests", dependencies: ["Calibration", "ESegImaging", "TestSupport"]),
        .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "Calibration", "ESegRuntime"]),
        .testTarget(name: "CommandLineTests", dependencies: ["eseg", "ESegImaging", "KernelHarness", "TestSupport"]),
    ]
)
