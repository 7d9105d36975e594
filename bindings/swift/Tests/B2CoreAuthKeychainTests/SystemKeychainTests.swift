import Foundation
import XCTest

#if !canImport(Security)
    /// The code that calls `Security`, compiled and run with a module of this name that is made for it. Apple's Keychain itself is not run.
    final class SystemKeychainTests: KeychainTestCase {
        override class func tearDown() {
            print("Keychain on Apple: not run")
            super.tearDown()
        }

        func testItsCallsCompileAndAreAcceptedByTheStubOfSecurity() throws {
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let stub = tests.appendingPathComponent("SecurityStub")
            let sources = tests.deletingLastPathComponent().appendingPathComponent("Sources/B2CoreAuth/Keychain")
            let folder = try folder().path
            try run(
                [
                    "swiftc", "-swift-version", "6", "-emit-module", "-emit-library", "-static", "-module-name",
                    "Security",
                ]
                    + ["-parse-as-library", stub.appendingPathComponent("Security.swift").path]
                    + ["-emit-module-path", folder + "/Security.swiftmodule", "-o", folder + "/libSecurity.a"])
            // The errors that stores throw are elsewhere.
            let errors = folder + "/StoreError.swift"
            try "enum StoreError { case failed, unavailable }".write(toFile: errors, atomically: true, encoding: .utf8)
            let names = ["SystemKeychain", "SecItems", "KeychainStatus", "KeychainFault"]
            try run(
                [
                    "swiftc", "-swift-version", "6", "-warnings-as-errors", "-package-name", "check", "-module-name",
                    "Check",
                ]
                    + ["-I", folder, "-L", folder, "-lSecurity", "-o", folder + "/check", errors]
                    + names.map { sources.appendingPathComponent($0 + ".swift").path }
                    + [stub.appendingPathComponent("main.swift").path])
            XCTAssertEqual(try run([folder + "/check"]), "all as expected\n")
        }

        @discardableResult
        private func run(_ command: [String]) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = command
            let pipe = Pipe()
            (process.standardOutput, process.standardError) = (pipe, pipe)
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            XCTAssertEqual(process.terminationStatus, 0, output)
            return output
        }
    }
#endif
