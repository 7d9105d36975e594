import Foundation
import XCTest

extension AuthTestCase {
    /// What the compiler says about a program that imports the package as an app does.
    func compile(_ source: String) throws -> Ran {
        let file = try folder().appendingPathComponent("snippet.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let header = Places.package.appendingPathComponent("Sources/B2CoreAuthFFI")
        // Where modules lie has changed between versions of the package manager.
        let modules = [Places.built, Places.built.appendingPathComponent("Modules")]
        let search = (modules + [header]).flatMap { ["-I", $0.path] }
        return try shell(["swiftc", "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-parse-as-library"] + search + [file.path])
    }
}
