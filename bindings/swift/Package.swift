// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "B2CoreAuth",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "B2CoreAuth", targets: ["B2CoreAuth"])
    ],
    targets: [
        // The C header and module map of the Rust library. Generated.
        .systemLibrary(name: "B2CoreAuthFFI"),
        // Generated. In language mode 6 the compiler of Swift 6.0 crashes on it.
        .target(
            name: "B2CoreAuthGenerated",
            dependencies: ["B2CoreAuthFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("b2core_auth")]
        ),
        // What apps import.
        .target(
            name: "B2CoreAuth",
            dependencies: ["B2CoreAuthGenerated"]
        ),
        .testTarget(
            name: "B2CoreAuthTests",
            dependencies: ["B2CoreAuth", "B2CoreAuthGenerated", "PendingSignIn"]
        ),
        // A process for the tests to kill: it signs in as far as the code and waits.
        .executableTarget(name: "PendingSignIn", dependencies: ["B2CoreAuth"], path: "Tests/PendingSignIn"),
        // The approver of a display that is written in Kotlin.
        .executableTarget(name: "QrApprover", dependencies: ["B2CoreAuth"], path: "Tests/QrApprover"),
        .executableTarget(
            name: "B2CoreAuthBench",
            dependencies: ["B2CoreAuth", "B2CoreAuthGenerated"],
            path: "Benchmarks/B2CoreAuthBench"
        ),
    ],
    swiftLanguageModes: [.v6]
)
