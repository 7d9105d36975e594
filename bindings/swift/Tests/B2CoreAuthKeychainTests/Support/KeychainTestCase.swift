import B2CoreAuth
import Foundation
import XCTest

/// Tests with a Keychain of their own, and the faults of its stores.
class KeychainTestCase: XCTestCase {
    static let service = "example.acme"

    let keychain = FakeKeychain()
    private let faults = Faults()

    /// A store of an app that was started anew.
    func store(
        _ binding: KeychainBinding = .device, accessGroup: String? = nil, app: String? = nil,
        files: any StoredFiles = SystemFiles()
    ) -> KeychainSessionStore {
        KeychainSessionStore(
            items: keychain, files: files, app: app, service: KeychainTestCase.service, accessGroup: accessGroup,
            binding: binding, onFault: { [faults] in faults.add($0) })
    }

    /// The faults since they were last asked for.
    func newFaults() -> [KeychainFault] { faults.take() }

    var records: [String] { keychain.accounts(KeychainTestCase.service) }

    func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder
    }

    /// What a store throws.
    func thrown<T>(
        _ call: () async throws -> T, file: StaticString = #filePath, line: UInt = #line
    ) async -> StoreError? {
        do {
            let result = try await call()
            XCTFail("it gave \(result)", file: file, line: line)
        } catch {
            return (error as? StoreFailure)?.error
        }
        return nil
    }

    /// Every call of the store fails with this fault, and changes nothing.
    func assertUnusable(
        _ store: KeychainSessionStore, _ fault: KeychainFault, file: StaticString = #filePath, line: UInt = #line
    ) async {
        let before = keychain.items
        let calls: [() async throws -> Void] = [
            { _ = try await store.load(name: "session/a") }, { _ = try await store.load(name: "none") },
            { try await store.save(name: "session/a", data: Data([9])) },
            { try await store.save(name: "new", data: Data([9])) },
            { try await store.remove(name: "session/a") }, { try await store.remove(name: "none") },
            { _ = try await store.names() },
        ]
        for (index, call) in calls.enumerated() {
            let error = await thrown(call, file: file, line: line)
            XCTAssertEqual(error, .unavailable, "call \(index)", file: file, line: line)
            XCTAssertEqual(newFaults(), [fault], "call \(index)", file: file, line: line)
            XCTAssertEqual(store.lastFault, fault, file: file, line: line)
        }
        XCTAssertEqual(keychain.items, before, file: file, line: line)
    }
}

extension KeychainSessionStore {
    func bytes(_ name: String) async throws -> Data? {
        switch try await load(name: name) {
        case .found(let data): data
        case .missing: nil
        case .unavailable: throw StoreError.unavailable
        }
    }
}

private final class Faults: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [KeychainFault] = []

    func add(_ fault: KeychainFault) { lock.withLock { all.append(fault) } }

    func take() -> [KeychainFault] {
        lock.withLock {
            defer { all = [] }
            return all
        }
    }
}
