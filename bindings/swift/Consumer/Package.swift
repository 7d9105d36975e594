// swift-tools-version: 6.0
import PackageDescription

// A package of somebody else's, outside of the checkout, beside the folder that was in the zip.
let package = Package(
    name: "Consumer",
    platforms: [.macOS(.v12)],
    dependencies: [.package(path: "../B2CoreAuth")],
    targets: [
        .executableTarget(name: "Consumer", dependencies: [.product(name: "B2CoreAuth", package: "B2CoreAuth")])
    ],
    swiftLanguageModes: [.v6]
)
