import B2CoreAuth
import XCTest

/// The lock of one file.
final class LockedFileTests: KeychainTestCase {
    /// Whoever waited for the lock of a file that is not there any more waits for the one that took its place.
    func testAFileThatWasReplacedMeanwhileIsNotTheOneThatIsLocked() throws {
        let file = try folder().appendingPathComponent("lock")
        let first = try XCTUnwrap(LockedFile(file, waiting: false))
        let inode = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int)
        let second = Second()
        let thread = Thread { second.give(Result { try LockedFile(file, waiting: true) }) }
        thread.start()
        waitUntilSomebodyWaits(for: inode)
        try FileManager.default.removeItem(at: file)
        try Data().write(to: file)
        first.unlock()
        let held = try XCTUnwrap(second.wait().get())
        XCTAssertNil(try LockedFile(file, waiting: false), "two would hold the lock")
        held.unlock()
        XCTAssertNotNil(try LockedFile(file, waiting: false))
    }

    func testAFileThatWasRemovedMeanwhileIsMadeAgain() throws {
        let file = try folder().appendingPathComponent("lock")
        let first = try XCTUnwrap(LockedFile(file, waiting: false))
        let inode = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int)
        let second = Second()
        let thread = Thread { second.give(Result { try LockedFile(file, waiting: true) }) }
        thread.start()
        waitUntilSomebodyWaits(for: inode)
        try FileManager.default.removeItem(at: file)
        first.unlock()
        let held = try XCTUnwrap(second.wait().get())
        XCTAssertNil(try LockedFile(file, waiting: false), "two would hold the lock")
        held.unlock()
    }

    func testWhatNobodyRefersToIsFree() throws {
        let file = try folder().appendingPathComponent("lock")
        var first = try LockedFile(file, waiting: false)
        XCTAssertNotNil(first)
        XCTAssertNil(try LockedFile(file, waiting: false))
        first = nil
        XCTAssertNotNil(try LockedFile(file, waiting: false))
    }

    /// Until the kernel says that somebody waits for the lock of this file. Elsewhere than on Linux nothing says so: then the other thread
    /// may come later, which it has to stand as well.
    private func waitUntilSomebodyWaits(for inode: Int) {
        while let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8) {
            if locks.split(separator: "\n").contains(where: { $0.contains("->") && $0.contains(":\(inode) ") }) {
                return
            }
            Thread.yield()
        }
    }
}

extension Thread {
    fileprivate static func yield() { sched_yield() }
}

/// What the other thread has got.
private final class Second: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var result: Result<LockedFile?, any Error>?

    func give(_ result: Result<LockedFile?, any Error>) {
        self.result = result
        semaphore.signal()
    }

    func wait() throws -> Result<LockedFile?, any Error> {
        semaphore.wait()
        return try XCTUnwrap(result)
    }
}
