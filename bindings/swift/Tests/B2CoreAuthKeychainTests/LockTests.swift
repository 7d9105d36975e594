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

    func testALockThatNobodyRefersToIsFree() async throws {
        let folder = try folder()
        var lock: FileLock? = FileLock(folder: folder)
        var taken = try await lock?.tryLock(name: "a")
        XCTAssertEqual(taken, true)
        let other = FileLock(folder: folder)
        taken = try await other.tryLock(name: "a")
        XCTAssertEqual(taken, false)
        lock = nil
        taken = try await other.tryLock(name: "a")
        XCTAssertEqual(taken, true)
    }

    /// A child process has the open file as well, until it becomes another program. It is no reason to keep the lock.
    func testAChildOfTheHolderDoesNotKeepTheLock() async throws {
        let folder = try folder()
        let holder = try Holder(["fork", folder.path, "a"])
        XCTAssertEqual(holder.answer(), "true")
        let child = try XCTUnwrap(pid_t(holder.answer()))
        // Before the holder, whose end is noticed only when its copies of the holder's files are closed.
        defer {
            Foundation.kill(child, SIGKILL)
            holder.kill()
        }
        let lock = FileLock(folder: folder)
        var taken = try await lock.tryLock(name: "a")
        XCTAssertFalse(taken)
        holder.goOn()
        XCTAssertEqual(holder.answer(), "free")
        XCTAssertEqual(Foundation.kill(child, 0), 0, "the child is there")
        taken = try await lock.tryLock(name: "a")
        XCTAssertTrue(taken)
    }

    /// With the class "complete" by default, a file is out of reach whenever the device is locked, unless it gets another one. Not run on a
    /// device.
    func testTheFolderGetsItsClassBeforeTheFirstFileAndOnce() async throws {
        let (folder, files) = (try folder().appendingPathComponent("locks"), FirstFile())
        let lock = FileLock(folder: folder, files: files)
        let (a, b) = (FileLock.fileName("a"), FileLock.fileName("b"))
        for name in ["a", "a", "b"] { _ = try await lock.tryLock(name: name) }
        for _ in 0..<20 {
            await lock.unlock(name: "a")
            _ = try await lock.tryLock(name: "a")
        }
        XCTAssertEqual(
            files.recorded.taken,
            ["keepFromBackups locks", "protectNever locks", "protectNever \(a)", "protectNever \(b)"])
        XCTAssertEqual(files.recorded.wereOnQueue, [true], "no thread on which tasks run is held up")
        XCTAssertEqual(files.seen, [])
        // A folder that is gone is made again.
        for name in ["a", "b"] { await lock.unlock(name: name) }
        try FileManager.default.removeItem(at: folder)
        let error = await thrown { try await lock.tryLock(name: "a") }
        XCTAssertEqual(error, .unavailable)
        let taken = try await lock.tryLock(name: "a")
        XCTAssertTrue(taken)
        XCTAssertEqual(
            files.recorded.taken, ["keepFromBackups locks", "protectNever locks", "protectNever \(a)"])
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

    /// An app that is suspended while it holds the lock of a file is killed.
    func testWhoeverWaitsForTheRefreshHoldsNoLockAfterwards() async throws {
        let (sandbox, lock) = (try Sandbox(), GatedLock())
        let client = try sandbox.client(store: .custom(store(), processLock: lock))
        let session = try await sandbox.signIn(client)
        let waits: [@Sendable () async throws -> Void] = [
            { try await client.waitForRefresh() }, { try await session.waitForRefresh() },
        ]
        for wait in waits {
            try await wait()
            lock.close()
            try await session.refresh()
            XCTAssertTrue(lock.isHeld, "the refresh has ended, its lock is being given back")
            async let isHeld = {
                try await wait()
                return lock.isHeld
            }()
            for _ in 0..<50 { _ = try await client.accounts() }
            lock.open()
            let heldAfterwards = try await isHeld
            XCTAssertFalse(heldAfterwards)
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

/// A lock that gives those of sessions back only while its gate is open.
private final class GatedLock: ProcessLock, @unchecked Sendable {
    private let lock = NSLock()
    private var held: Set<String> = []
    private var isOpen = true
    private var waiting: [CheckedContinuation<Void, Never>] = []

    var isHeld: Bool { lock.withLock { held.contains(where: isGated) } }

    func close() { lock.withLock { isOpen = false } }

    func open() {
        let all = lock.withLock {
            defer { (isOpen, waiting) = (true, []) }
            return waiting
        }
        for one in all { one.resume() }
    }

    func tryLock(name: String) async throws -> Bool { lock.withLock { held.insert(name).inserted } }

    func unlock(name: String) async {
        if isGated(name) {
            await withCheckedContinuation { continuation in
                let isOpen = lock.withLock {
                    if !self.isOpen { waiting.append(continuation) }
                    return self.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }
        lock.withLock { _ = held.remove(name) }
    }

    private func isGated(_ name: String) -> Bool { name.hasPrefix("session/") }
}

/// What is in the folder when the folder gets its class.
private final class FirstFile: StoredFiles, @unchecked Sendable {
    let recorded = RecordedFiles()
    private(set) var seen: [String]?

    func keepFromBackups(_ url: URL) { recorded.keepFromBackups(url) }
    func protectUntilFirstUnlock(_ url: URL) { recorded.protectUntilFirstUnlock(url) }
    func protectNever(_ url: URL) {
        recorded.protectNever(url)
        if seen == nil { seen = try? FileManager.default.contentsOfDirectory(atPath: url.path) }
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
