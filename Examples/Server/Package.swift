// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Server",
    // Never built or run on macOS.
    platforms: [.macOS(.v15)],
    dependencies: [
        // In an app of yours: .package(url: "https://github.com/llmkit/llmkit", .upToNextMinor(from: "0.1.0")),
        // No traits: without a large semantic cache, OpenBLAS is not needed.
        .package(name: "LLMKit", path: "../..", traits: []),
        // In an app of yours: copies of its few files.
        .package(path: "../Integrations"),
        // Neither swift-configuration nor the whole of Foundation is needed.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
        // For the tests' client, which must be able to leave.
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    ],
    targets: [
        .target(
            name: "ChatService",
            dependencies: [
                .product(name: "LLMKit", package: "LLMKit"),
                .product(name: "LLMKitLogging", package: "Integrations"),
                .product(name: "LLMKitMetrics", package: "Integrations"),
                .product(name: "LLMKitTracing", package: "Integrations"),
                .product(name: "LLMKitServiceLifecycle", package: "Integrations"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .executableTarget(name: "chat-server", dependencies: ["ChatService"], path: "Sources/Main"),
        .testTarget(
            name: "ChatServiceTests",
            dependencies: [
                "ChatService", "chat-server",
                .product(name: "LLMKitTesting", package: "LLMKit"),
                .product(name: "SimulatedVendors", package: "LLMKit"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
