// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "StreetSegmenter",
    dependencies: [
        // Outside this repository, from Swift 6.2 on: .package(url: "…/eseg", from: "1.0.0")
        .package(name: "eseg", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "StreetSegmenter",
            dependencies: [
                .product(name: "ESegRuntime", package: "eseg"),
                .product(name: "ESegImaging", package: "eseg"),
            ])
    ]
)
