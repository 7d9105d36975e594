import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// The lock between processes, with real ones.
final class LockTests: KeychainTestCase {
    func testOneHolderAName() async throws {
        let folder = try folder().appendingPathComponent("locks")
        let (lock, other) = (FileLock(folder: folder), FileLock(folder: folder))
        var taken = try await lock.tryLock(name: "a")
        XCTAssertTrue(taken)
        for lock in [lock, other] {
            taken = try await lock.tryLock(name: "a")
            XCTAssertFalse(taken)
        }
        taken = try await other.tryLock(name: "b")
        XCTAssertTrue(taken)
        await other.unlock(name: "a")
        taken = try await other.tryLock(name: "a")
        XCTAssertFalse(taken, "it was not its own")
        await lock.unlock(name: "a")
        await lock.unlock(name: "a")
        taken = try await other.tryLock(name: "a")
        XCTAssertTrue(taken)
    }

    func testADeadProcessHoldsNothing() async throws {
        let folder = try folder()
        let lock = FileLock(folder: folder)
        let name = "session/front:https://h/a"
        let holder = try Holder(["hold", folder.path, name])
        XCTAssertEqual(holder.answer(), "true")
        var taken = try await lock.tryLock(name: name)
        XCTAssertFalse(taken)
        holder.kill()
        taken = try await lock.tryLock(name: name)
        XCTAssertTrue(taken)
    }

    func testAskingAgainDoesNotGiveItBack() async throws {
        let folder = try folder()
        let lock = FileLock(folder: folder)
        var taken = try await lock.tryLock(name: "a")
        XCTAssertTrue(taken)
        taken = try await lock.tryLock(name: "a")
        XCTAssertFalse(taken)
        let other = try Holder(["hold", folder.path, "a"])
        XCTAssertEqual(other.answer(), "false")
        other.kill()
        await lock.unlock(name: "a")
        let next = try Holder(["hold", folder.path, "a"])
        XCTAssertEqual(next.answer(), "true")
        next.kill()
    }

    func testAFolderThatCannotBeUsedIsUnavailable() async throws {
        let file = try folder().appendingPathComponent("file")
        try Data().write(to: file)
        let error = await thrown { try await FileLock(folder: file).tryLock(name: "a") }
        XCTAssertEqual(error, .unavailable)
    }

    func testNamesOfFilesShowNothing() async throws {
        let folder = try folder()
        let lock = FileLock(folder: folder)
        let names = ["", "session/canary", "session/canarx", "canary/session", String(repeating: "long", count: 1000)]
        for name in names { _ = try await lock.tryLock(name: name) }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        XCTAssertEqual(Set(files).count, names.count)
        XCTAssertTrue(files.allSatisfy { $0.count < 60 && !$0.contains("canary") }, "\(files)")
        XCTAssertFalse("\(lock)".contains(folder.path))
    }

    /// An app and its extension: two processes over one store, whose token has expired.
    func testTwoProcessesRefreshOnce() async throws {
        for _ in 0..<3 {
            let (sandbox, folder) = (try Sandbox(), try folder())
            let arguments = ["refresh", folder.path, sandbox.host]
            let first = try Holder(["sign-in"] + arguments.dropFirst())
            XCTAssertEqual(first.answer(), "signed in")
            first.wait()
            let both = try [Holder(arguments), Holder(arguments)]
            for one in both { XCTAssertEqual(one.answer(), "ready") }
            // The access token is not good any more; a refresh gives another one.
            XCTAssertEqual(sandbox.rejectTokens(Sandbox.plain), 1)
            for one in both { one.goOn() }
            let tokens = both.map { $0.answer() }
            for one in both { one.wait() }
            XCTAssertEqual(Set(tokens).count, 1)
            XCTAssertEqual(sandbox.owner(of: tokens[0]), Sandbox.plain)
            XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 1)
        }
    }

    /// The holder dies in the middle of its refresh; the other one goes on.
    func testAHolderThatDiesDuringItsRefreshHoldsNobodyUp() async throws {
        let sandbox = try Sandbox { $0.refreshGrace = 3600 }
        let folder = try folder()
        let first = try Holder(["sign-in", folder.path, sandbox.host])
        XCTAssertEqual(first.answer(), "signed in")
        first.wait()
        let arguments = ["refresh", folder.path, sandbox.host]
        let both = try [Holder(arguments), Holder(arguments)]
        for one in both { XCTAssertEqual(one.answer(), "ready") }
        sandbox.rejectTokens(Sandbox.plain)
        // Its answer does not come.
        try sandbox.fault("refresh:delay=3600s,times=1")
        both[0].goOn()
        while sandbox.requestCount(to: "/refresh") == 0 { await Task.yield() }
        both[1].goOn()
        both[0].kill()
        let token = both[1].answer()
        both[1].wait()
        XCTAssertEqual(sandbox.owner(of: token), Sandbox.plain)
    }
}

/// Another process of the app: `Tests/LockHolder`.
private final class Holder {
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())

    init(_ arguments: [String]) throws {
        #if os(macOS)
            let built = Bundle(for: LockTests.self).bundleURL.deletingLastPathComponent()
        #else
            let built = Bundle.main.bundleURL
        #endif
        process.executableURL = built.appendingPathComponent("LockHolder")
        process.arguments = arguments
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
    }

    /// The next line that it prints.
    func answer() -> String {
        var line = ""
        while let byte = try? output.fileHandleForReading.read(upToCount: 1), let first = byte.first {
            if first == UInt8(ascii: "\n") { break }
            line.unicodeScalars.append(Unicode.Scalar(first))
        }
        return line
    }

    func goOn() { input.fileHandleForWriting.write(Data("\n".utf8)) }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal)
    }

    func wait() { process.waitUntilExit() }
}
