// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "B2CoreAuth",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "B2CoreAuth", targets: ["B2CoreAuth"]),
        // A host for the tests of apps.
        .library(name: "B2CoreAuthTesting", targets: ["B2CoreAuthTesting"]),
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
            dependencies: ["B2CoreAuthGenerated"],
            // What Apple asks about privacy.
            resources: [.copy("PrivacyInfo.xcprivacy")]
        ),
        // The same two for the library that serves the sandbox.
        .systemLibrary(name: "B2CoreAuthSandboxFFI"),
        .target(
            name: "B2CoreAuthSandboxGenerated",
            dependencies: ["B2CoreAuthSandboxFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("b2core_auth_sandbox")]
        ),
        // What the tests of apps import.
        .target(
            name: "B2CoreAuthTesting",
            dependencies: ["B2CoreAuth", "B2CoreAuthSandboxGenerated"]
        ),
        .testTarget(name: "B2CoreAuthTestingTests", dependencies: ["B2CoreAuth", "B2CoreAuthTesting"]),
        .testTarget(
            name: "B2CoreAuthKeychainTests",
            dependencies: ["B2CoreAuth", "B2CoreAuthTesting", "LockHolder"]
        ),
        // Another process of an app, which the tests of the lock kill.
        .executableTarget(name: "LockHolder", dependencies: ["B2CoreAuth"], path: "Tests/LockHolder"),
        .testTarget(
            name: "B2CoreAuthTests",
            dependencies: [
                "B2CoreAuth", "B2CoreAuthGenerated", "B2CoreAuthSamples", "B2CoreAuthTesting", "PendingSignIn",
                "SignalHandler",
            ],
            // The samples need Observation, whose library lacks a symbol in Swift 6.0 on Linux. Nothing calls it.
            linkerSettings: [
                .unsafeFlags(
                    ["-Xlinker", "--unresolved-symbols=ignore-in-shared-libs"], .when(platforms: [.linux]))
            ]
        ),
        // View models to copy.
        .target(name: "B2CoreAuthSamples", dependencies: ["B2CoreAuth"], path: "Samples", exclude: ["README.md"]),
        // A process for the tests to kill: it signs in as far as the code and waits.
        .executableTarget(name: "PendingSignIn", dependencies: ["B2CoreAuth"], path: "Tests/PendingSignIn"),
        // A program with signal handlers of its own.
        .executableTarget(name: "SignalHandler", dependencies: ["B2CoreAuth"], path: "Tests/SignalHandler"),
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
