import Foundation
import XCTest

extension AuthTestCase {
    /// What the compiler says about a program that imports the package as an app does.
    func compile(_ source: String) throws -> Ran {
        let file = try folder().appendingPathComponent("snippet.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let headers = ["B2CoreAuthFFI", "B2CoreAuthSandboxFFI"].map {
            Places.package.appendingPathComponent("Sources/" + $0)
        }
        // Where modules lie has changed between versions of the package manager.
        let modules = [Places.built, Places.built.appendingPathComponent("Modules")]
        let search = (modules + headers).flatMap { ["-I", $0.path] }
        return try shell(["swiftc", "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-parse-as-library"] + search + [file.path])
    }
}
