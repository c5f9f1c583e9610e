// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "LLMKitIntegrations",
    // Never built or run on macOS.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LLMKitLogging", targets: ["LLMKitLogging"]),
        .library(name: "LLMKitMetrics", targets: ["LLMKitMetrics"]),
        .library(name: "LLMKitTracing", targets: ["LLMKitTracing"]),
        .library(name: "LLMKitServiceLifecycle", targets: ["LLMKitServiceLifecycle"]),
    ],
    dependencies: [
        // In an app of yours: .package(url: "https://github.com/llmkit/llmkit", .upToNextMinor(from: "0.1.0")),
        // No traits: without a large semantic cache, OpenBLAS is not needed.
        .package(name: "LLMKit", path: "../..", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    ],
    targets: [
        .target(
            name: "LLMKitLogging",
            dependencies: [
                .product(name: "LLMKit", package: "LLMKit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Logging"
        ),
        .target(
            name: "LLMKitMetrics",
            dependencies: [
                .product(name: "LLMKit", package: "LLMKit"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            path: "Metrics"
        ),
        .target(
            name: "LLMKitTracing",
            dependencies: [
                .product(name: "LLMKit", package: "LLMKit"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Tracing"
        ),
        .target(
            name: "LLMKitServiceLifecycle",
            dependencies: [
                .product(name: "LLMKit", package: "LLMKit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "ServiceLifecycle"
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "LLMKitLogging", "LLMKitMetrics", "LLMKitTracing", "LLMKitServiceLifecycle",
                .product(name: "LLMKitTesting", package: "LLMKit"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            path: "Tests"
        ),
    ],
    swiftLanguageModes: [.v6]
)
