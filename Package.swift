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
    // Never built or run on macOS, nor on ARM: Linux on x86-64 is what the tests know.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LLMKit", targets: ["LLMKit"]),
        // Mocks, a manual clock, a loopback server and conformance suites, for the tests of apps.
        .library(name: "LLMKitTesting", targets: ["LLMKitTesting"]),
        .library(name: "SimulatedVendors", targets: ["SimulatedVendors"]),
        .executable(name: "llmkit", targets: ["LLMKitCommand"]),
    ],
    traits: [
        .trait(
            name: "OpenBLAS",
            description:
                "Vector work by OpenBLAS. Without it, kernels of our own do the same more slowly: for apps whose "
                + "semantic cache is small, or that have none, and for static builds."
        ),
        .default(enabledTraits: ["OpenBLAS"]),
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
        // For answers that are packed, whatever their headers say; libcurl needs it as well.
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        // For vector work: embeddings and their index. Loading it costs about 3 MB of resident memory.
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]
        ),
        // The C library under one name, whichever it is, and Foundation likewise.
        .target(name: "CPlatform", dependencies: ["CPlatformShims"], swiftSettings: settings),
        .target(name: "CPlatformShims"),
        .target(name: "PortableFoundation", swiftSettings: settings),
        .target(name: "CKernels"),
        // Data files, embedded in the program by the C compiler.
        .target(name: "CResources", exclude: ["Lexicon", "Priors"]),
        .target(
            name: "LLMKit",
            dependencies: [
                "CCurl", "CSQLite", "CZlib", .target(name: "COpenBLAS", condition: .when(traits: ["OpenBLAS"])),
                "CKernels",
                "CResources", "CPlatform", "PortableFoundation",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "LLMKitTesting",
            dependencies: ["LLMKit", "CPlatform", "PortableFoundation"],
            swiftSettings: settings
        ),
        // Make-believe vendors over HTTP, for demos and black-box tests: a product that needs no other.
        .target(
            name: "SimulatedVendors",
            dependencies: ["LLMKit", "LLMKitTesting", "CPlatform", "PortableFoundation"],
            exclude: ["README.md"],
            swiftSettings: settings
        ),
        // Counts what the benchmark asks of the heap; no product holds it.
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .executableTarget(
            name: "benchmark",
            dependencies: ["LLMKit", "LLMKitTesting", "CAllocationCounter", "CCurl", "CPlatform"],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
        .testTarget(
            name: "LLMKitTests",
            dependencies: ["LLMKit", "LLMKitTesting", "CPlatform"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        // The guides' examples, compiled as in an app that copies them: what is public, and Swift 6 as it comes.
        .testTarget(
            name: "GuideTests",
            dependencies: ["LLMKit", "LLMKitTesting"],
            packageAccess: false
        ),

        // Examples: what the library looks like in use, with what is public, the demo aside. No product of the package depends on them.
        .target(
            name: "ExampleSupport",
            dependencies: ["CPlatform", "PortableFoundation"],
            path: "Examples/Support",
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Quickstart",
            dependencies: ["LLMKit", "ExampleSupport", "SimulatedVendors", "CPlatform", "PortableFoundation"],
            path: "Examples/Quickstart",
            exclude: ["README.md"],
            resources: [.embedInCode("handbook.txt"), .embedInCode("questions.jsonl")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "CustomRouter",
            dependencies: ["LLMKit", "LLMKitTesting"],
            path: "Examples/CustomRouter",
            exclude: ["README.md"],
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ask",
            dependencies: ["LLMKit", "ExampleSupport", "PortableFoundation"],
            path: "Examples/Ask",
            exclude: ["README.md"],
            packageAccess: false,
            swiftSettings: settings
        ),
        // What people who run an app do at a terminal.
        .executableTarget(
            name: "LLMKitCommand",
            dependencies: ["LLMKit", "ExampleSupport", "PortableFoundation"],
            path: "Examples/Command",
            exclude: ["README.md"],
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulated-vendors",
            dependencies: ["ExampleSupport", "SimulatedVendors"],
            path: "Examples/SimulatedVendorsServer",
            packageAccess: false,
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "LLMKitTesting", "ExampleSupport", "SimulatedVendors", "Quickstart", "ask", "CPlatform",
                "PortableFoundation",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
