import B2CoreAuth
import XCTest

/// Items that the Keychain cannot decode.
final class CorruptionTests: KeychainTestCase {
    private let service = KeychainTestCase.service

    func testAnItemThatCannotBeDecodedIsMovedAside() async throws {
        try await store().save(name: "session/a-b", data: Data([1]))
        try await store().save(name: "attempts", data: Data([2]))
        keychain.setWhole(false, service, "a-b")
        let data = try await store().bytes("session/a-b")
        XCTAssertNil(data)
        XCTAssertEqual(newFaults(), [.recordCorrupt])
        XCTAssertEqual(aside, ["000000000001-session/a-b"])
        XCTAssertEqual(records, ["attempts"])
        let other = try await store().bytes("attempts")
        XCTAssertEqual(other, Data([2]))
        // A new record takes its place.
        try await store().save(name: "session/a-b", data: Data([3]))
        let new = try await store().bytes("session/a-b")
        XCTAssertEqual(new, Data([3]))
    }

    func testAnItemWithoutDataIsMovedAside() async throws {
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
        XCTAssertEqual(aside, ["000000000001-a"])
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
        XCTAssertEqual(aside, [])
    }

    /// Another process writes it anew after the second verdict and before the move.
    func testARecordThatWasJustWrittenIsNotGivenUpForTheOneBefore() async throws {
        try await store().save(name: "a", data: Data([1]))
        keychain.setWhole(false, service, "a")
        let keychain = keychain
        keychain.when { call, query in
            guard call == .update, query.account == "a" else { return nil }
            keychain.when(nil)
            keychain.put(KeychainTestCase.service, "a", .init(data: Data([2])))
            return nil
        }
        let data = try await store().bytes("a")
        XCTAssertEqual(data, Data([2]))
        XCTAssertEqual(records, ["a"])
        XCTAssertEqual(aside, [])
        XCTAssertEqual(newFaults(), [])
    }

    func testWhatCannotBeMovedReadsAsMissingUntilItIsWritten() async throws {
        try await store().save(name: "a", data: Data([1]))
        keychain.setWhole(false, service, "a")
        keychain.when { call, query in call == .update && query.account == "a" ? .decode : nil }
        let data = try await store().bytes("a")
        XCTAssertNil(data)
        XCTAssertEqual(newFaults(), [.recordCorrupt])
        XCTAssertEqual(records, ["a"])
        try await store().save(name: "a", data: Data([2]))
        XCTAssertEqual(newFaults(), [.recordCorrupt])
        let new = try await store().bytes("a")
        XCTAssertEqual(new, Data([2]))
    }

    func testADeviceThatIsLockedDuringTheMoveIsUnavailable() async throws {
        try await store().save(name: "a", data: Data([1]))
        keychain.setWhole(false, service, "a")
        keychain.when { call, query in call == .update && query.account == "a" ? .interactionNotAllowed : nil }
        let store = store()
        let error = await thrown { try await store.load(name: "a") }
        XCTAssertEqual(error, .unavailable)
        XCTAssertEqual(newFaults(), [.deviceLocked])
        XCTAssertEqual(records, ["a"])
    }

    func testWhatCanBeDecodedAgainComesBack() async throws {
        for name in ["a", "b"] { try await store().save(name: name, data: Data(name.utf8)) }
        keychain.setWhole(false, service)
        for name in ["a", "b"] {
            let data = try await store().bytes(name)
            XCTAssertNil(data)
        }
        let none = try await store().restoreQuarantined()
        XCTAssertEqual(none, 0)
        try await store().save(name: "b", data: Data("newer".utf8))
        keychain.setWhole(true, service + ".quarantine")
        let count = try await store().restoreQuarantined()
        XCTAssertEqual(count, 1)
        let (a, b) = (try await store().bytes("a"), try await store().bytes("b"))
        XCTAssertEqual([a, b], [Data("a".utf8), Data("newer".utf8)])
    }

    func testOnlyAFewAreKept() async throws {
        for round in 1...4 {
            try await store().save(name: "a", data: Data([UInt8(round)]))
            keychain.setWhole(false, service, "a")
            _ = try await store().bytes("a")
        }
        XCTAssertEqual(aside, ["000000000003-a", "000000000004-a"])
        keychain.setWhole(true, service + ".quarantine")
        let count = try await store().restoreQuarantined()
        XCTAssertEqual(count, 1)
        let newest = try await store().bytes("a")
        XCTAssertEqual(newest, Data([4]))
        for number in 0..<70 {
            try await store().save(name: "n\(number)", data: Data([1]))
            keychain.setWhole(false, service, "n\(number)")
            _ = try await store().bytes("n\(number)")
        }
        XCTAssertEqual(aside.count, 64)
    }

    func testASignOutLeavesNothingBehind() async throws {
        for name in ["a", "b"] {
            try await store().save(name: name, data: Data([1]))
            keychain.setWhole(false, service, name)
            _ = try await store().bytes(name)
            try await store().save(name: name, data: Data([2]))
        }
        try await store().remove(name: "a")
        XCTAssertEqual(records, ["b"])
        XCTAssertEqual(aside, ["000000000002-b"])
        // Also if there is nothing but that.
        try await store().remove(name: "b")
        try await store().remove(name: "b")
        XCTAssertEqual(records + aside, [])
    }
}
