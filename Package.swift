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
        .library(name: "LLMKit", targets: ["LLMKit"])
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
        .executableTarget(
            name: "benchmark",
            dependencies: ["LLMKit", "CCurl"],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
        .testTarget(name: "LLMKitTests", dependencies: ["LLMKit"], exclude: ["Fixtures"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
