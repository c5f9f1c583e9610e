// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "LLMKit",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LLMKit", targets: ["LLMKit"]),
        .library(name: "SimulatedVendors", targets: ["SimulatedVendors"]),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        // For vector work: embeddings and their index. Loading it costs about 3 MB of resident memory.
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]
        ),
        .target(name: "CKernels"),
        .target(
            name: "LLMKit",
            dependencies: ["CCurl", "CSQLite", "COpenBLAS", "CKernels"],
            swiftSettings: settings
        ),
        // Make-believe vendors over HTTP, for demos and black-box tests: a product that needs no other.
        .target(
            name: "SimulatedVendors",
            dependencies: ["LLMKit"],
            exclude: ["README.md"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "benchmark",
            dependencies: ["LLMKit", "CCurl"],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
        .testTarget(name: "LLMKitTests", dependencies: ["LLMKit"], exclude: ["Fixtures"], swiftSettings: settings),

        // Examples: what the library looks like in use. No product of the package depends on them.
        .target(name: "ExampleSupport", path: "Examples/Support", swiftSettings: settings),
        .executableTarget(
            name: "Quickstart",
            dependencies: ["LLMKit", "ExampleSupport", "SimulatedVendors"],
            path: "Examples/Quickstart",
            exclude: ["README.md"],
            resources: [.embedInCode("handbook.txt"), .embedInCode("questions.jsonl")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "CustomRouter",
            dependencies: ["LLMKit"],
            path: "Examples/CustomRouter",
            exclude: ["README.md"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ask",
            dependencies: ["LLMKit", "ExampleSupport"],
            path: "Examples/Ask",
            exclude: ["README.md"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulated-vendors",
            dependencies: ["ExampleSupport", "SimulatedVendors"],
            path: "Examples/SimulatedVendorsServer",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExamplesTests",
            dependencies: ["ExampleSupport", "SimulatedVendors", "Quickstart", "ask"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
