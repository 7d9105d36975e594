import Foundation

/// What a program printed and how it ended.
struct Ran {
    let status: Int32
    let output: String
}

/// Runs a program of the `PATH` to its end; standard error counts as output.
func shell(_ command: [String]) throws -> Ran {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ran(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
}

/// The code that an authenticator app would show now.
func authenticatorCode(_ secret: String) throws -> String {
    try shell(["oathtool", "--totp", "-b", secret]).output.trimmingCharacters(in: .whitespacesAndNewlines)
}
