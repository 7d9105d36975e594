import B2CoreAuth
import Foundation
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A B2Core look-alike in a process of its own: `b2auth sandbox`.
final class Sandbox: @unchecked Sendable {
    let host: String
    private let process: Process
    private let leash: Pipe

    /// Its users' password.
    static let password = "Secret123"
    static let totpSecret = "YXGD6TWK26PMXW4GACMPSYSVREBL4T6M"
    static let bothSecret = "KMECKBHR23FATBF3RB23VWBY5K2MPBZT"

    /// Starts it and waits until it serves.
    init(_ arguments: [String], folder: URL) throws {
        guard let b2auth = ProcessInfo.processInfo.environment["B2AUTH"] else {
            throw NoSandbox.noBinary
        }
        let portFile = folder.appendingPathComponent("port")
        process = Process()
        leash = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // However this process ends, its end of the pipe is closed, and the sandbox ends too. Foundation starts
        // processes with their signals blocked, so asking it to end would do nothing.
        process.arguments =
            ["-c", "\"$@\" & read _; kill -9 $!", "sh", b2auth, "sandbox", "--port-file", portFile.path]
            + arguments
        process.standardInput = leash
        // No other process may hold this end open.
        _ = fcntl(leash.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let printed = Pipe()
        process.standardOutput = printed
        process.standardError = printed
        try process.run()
        let port = try Self.port(portFile, while: process, prints: printed.fileHandleForReading)
        host = "http://127.0.0.1:\(port)"
        printed.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }

    func stop() {
        try? leash.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The newest code that was sent to this e-mail or phone.
    func sentCode(_ to: String) async throws -> String {
        struct Message: Decodable { let code: String }
        let data = try await get("/_sandbox/outbox?to=\(to)")
        let messages = try JSONDecoder().decode([Message].self, from: data)
        return try XCTUnwrap(messages.last).code
    }

    /// Whose token this is, by the host; `nil` if it is not good any more.
    func owner(of token: AccessToken) async throws -> String? {
        struct Owner: Decodable { let email: String }
        var request = URLRequest(url: try XCTUnwrap(URL(string: host + "/_sandbox/whoami")))
        request.setValue("Bearer \(token.value)", forHTTPHeaderField: "Authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        if (response as? HTTPURLResponse)?.statusCode == 401 { return nil }
        return try JSONDecoder().decode(Owner.self, from: data).email
    }

    /// How many requests came for a path that ends so.
    func requests(_ end: String) async throws -> Int {
        struct Request: Decodable { let path: String }
        let data = try await get("/_sandbox/requests")
        return try JSONDecoder().decode([Request].self, from: data).filter { $0.path.hasSuffix(end) }.count
    }

    /// Waits until it was asked at a path that ends so.
    func asked(_ path: String) async throws {
        let deadline = Date(timeIntervalSinceNow: 300)
        while try await requests(path) == 0 {
            guard Date() < deadline else { return XCTFail("nothing came for \(path)") }
        }
    }

    /// Steers it: posts this JSON to a path below `/_sandbox/`.
    func steer(_ path: String, _ json: String) async throws { try await send("POST", path, json) }

    /// Lets something go wrong from the next request on, as `b2auth sandbox --fault` does.
    func fault(_ fault: String) async throws {
        try await steer("faults", String(decoding: JSONEncoder().encode(["fault": fault]), as: UTF8.self))
    }

    /// Ends all faults.
    func clearFaults() async throws { try await send("DELETE", "faults", "") }

    private func send(_ method: String, _ path: String, _ body: String) async throws {
        var request = URLRequest(url: try XCTUnwrap(URL(string: "\(host)/_sandbox/\(path)")))
        request.httpMethod = method
        request.httpBody = Data(body.utf8)
        let (answer, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode
        XCTAssertEqual(status, 200, "\(path): \(String(decoding: answer, as: UTF8.self))")
    }

    func get(_ path: String) async throws -> Data {
        let url = try XCTUnwrap(URL(string: host + path))
        return try await URLSession.shared.data(from: url).0
    }

    /// Reads what it prints until its file is there: each is a sign that the other may have come.
    private static func port(_ file: URL, while process: Process, prints: FileHandle) throws -> Int {
        var waiting = pollfd(fd: prints.fileDescriptor, events: Int16(POLLIN), revents: 0)
        let deadline = Date(timeIntervalSinceNow: 300)
        while Date() < deadline {
            if let text = try? String(contentsOf: file, encoding: .utf8),
                let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                return port
            }
            if poll(&waiting, 1, 10) > 0, prints.availableData.isEmpty { break }
        }
        throw NoSandbox.notStarted
    }
}

enum NoSandbox: Error {
    /// The environment variable `B2AUTH` has to name the built `b2auth`.
    case noBinary
    case notStarted
}
