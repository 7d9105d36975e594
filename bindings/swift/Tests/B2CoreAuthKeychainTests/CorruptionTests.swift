import B2CoreAuth
import XCTest

/// Items that the Keychain cannot decode.
final class CorruptionTests: KeychainTestCase {
    private let service = KeychainTestCase.service

    func testAnItemThatCannotBeDecodedReadsAsMissing() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        try await store().save(name: "attempts", data: Data([2]))
        keychain.damage(service, "a")
        let data = try await store().bytes("session/a")
        XCTAssertNil(data)
        let other = try await store().bytes("attempts")
        XCTAssertEqual(other, Data([2]))
        // A new record takes its place.
        try await store().save(name: "session/a", data: Data([3]))
        let new = try await store().bytes("session/a")
        XCTAssertEqual(new, Data([3]))
        XCTAssertEqual(newFaults(), [], "nobody can tell it from a missing one")
        XCTAssertEqual(Set(keychain.items.keys.map(\.service)), [service, service + ".probe"], "nothing is kept aside")
    }

    func testAnItemThatCannotBeDecodedIsOverwrittenAndRemoved() async throws {
        for name in ["a", "b"] { try await store().save(name: name, data: Data([1])) }
        keychain.damage(service)
        try await store().save(name: "a", data: Data([2]))
        try await store().remove(name: "b")
        let data = try await store().bytes("a")
        XCTAssertEqual(data, Data([2]))
        XCTAssertEqual(records, ["a"])
        XCTAssertEqual(newFaults(), [])
    }

    func testAProbeThatCannotBeDecodedIsWrittenAnew() async throws {
        for _ in 0..<2 {
            let none = try await store().bytes("none")
            XCTAssertNil(none)
            keychain.damage(service + ".probe")
        }
        XCTAssertEqual(newFaults(), [])
    }

    /// The same from a Keychain that says it.
    func testAVerdictThatIsRepeatedReadsAsMissingUntilTheNextWrite() async throws {
        try await store().save(name: "a", data: Data([1]))
        keychain.when { call, query in
            query.account == "a" && (call == .copy || call == .update) ? .decode : nil
        }
        let data = try await store().bytes("a")
        XCTAssertNil(data)
        XCTAssertEqual(newFaults(), [.recordCorrupt])
        XCTAssertEqual(records, ["a"])
        try await store().save(name: "a", data: Data([2]))
        keychain.when(nil)
        let new = try await store().bytes("a")
        XCTAssertEqual(new, Data([2]))
        keychain.when { call, query in query.account == "a" && call == .copy ? .decode : nil }
        try await store().remove(name: "a")
        XCTAssertEqual(records, [])
        XCTAssertEqual(newFaults(), [])
    }

    func testAVerdictThatIsNotRepeatedCostsNothing() async throws {
        try await store().save(name: "a", data: Data([1]))
        let keychain = keychain
        keychain.when { call, _ in
            guard call == .copy else { return nil }
            keychain.when(nil)
            return .decode
        }
        let data = try await store().bytes("a")
        XCTAssertEqual(data, Data([1]))
        XCTAssertEqual(newFaults(), [])
    }

    func testAnItemWithoutDataReadsAsMissing() async throws {
        final class Dataless: SecItems {
            let keychain: FakeKeychain
            init(_ keychain: FakeKeychain) { self.keychain = keychain }
            func copy(_ query: ItemQuery) -> (status: KeychainStatus, data: Data?) { (.success, nil) }
            func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes]) { keychain.list(query) }
            func add(_ item: ItemAttributes, data: Data) -> KeychainStatus { keychain.add(item, data: data) }
            func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus { keychain.update(query, change) }
            func delete(_ query: ItemQuery) -> KeychainStatus { keychain.delete(query) }
        }
        try await store().save(name: "a", data: Data([1]))
        let store = KeychainSessionStore(items: Dataless(keychain), service: service)
        let data = try await store.bytes("a")
        XCTAssertNil(data)
        XCTAssertEqual(store.lastFault, .recordCorrupt)
        XCTAssertEqual(records, ["a"])
    }
}
