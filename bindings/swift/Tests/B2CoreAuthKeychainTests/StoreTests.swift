import B2CoreAuth
import XCTest

/// What the store does where the Keychain can be used.
final class StoreTests: KeychainTestCase {
    func testRecordsOutliveTheStore() async throws {
        let names = ["session/front:https://h/a:b", "pending", "ü", ""]
        for name in names { try await store().save(name: name, data: Data("1 \(name)".utf8)) }
        for name in names { try await store().save(name: name, data: Data("2 \(name)".utf8)) }
        for name in names {
            let data = try await store().bytes(name)
            XCTAssertEqual(data, Data("2 \(name)".utf8))
        }
        let all = try await store().names()
        XCTAssertEqual(Set(all), Set(names))
        try await store().remove(name: "ü")
        try await store().remove(name: "ü")
        let gone = try await store().bytes("ü")
        XCTAssertNil(gone)
        let rest = try await store().names()
        XCTAssertEqual(Set(rest), Set(names).subtracting(["ü"]))
        XCTAssertEqual(newFaults(), [])
    }

    func testStoresOfAnotherServiceShareNothing() async throws {
        try await store().save(name: "a", data: Data([1]))
        let other = KeychainSessionStore(items: keychain, service: "another")
        let data = try await other.bytes("a")
        XCTAssertNil(data)
        let names = try await other.names()
        XCTAssertEqual(names, [])
        try await other.remove(name: "a")
        XCTAssertEqual(records, ["a"])
    }

    func testTheServiceIsTheAppsUnlessItIsGiven() async throws {
        try await KeychainSessionStore(items: keychain).save(name: "a", data: Data([1]))
        let service = try XCTUnwrap(keychain.items.keys.first { $0.account == "a" }?.service)
        XCTAssertTrue(service.hasSuffix(".b2core-auth") && service != ".b2core-auth", service)
    }

    func testNothingRunsOnTheMainThreadOrWhereTasksRun() async throws {
        let store = store()
        try await callAll(store)
        XCTAssertFalse(keychain.wasCalledOnMainThread)
        XCTAssertEqual(keychain.wereOnQueue, [true])
        XCTAssertEqual(Set(keychain.calls), Set(FakeKeychain.Call.allCases))
    }

    func testARecordThatIsTooLargeIsRefused() async throws {
        let store = store()
        try await store.save(name: "a", data: Data(count: 1 << 20))
        let error = await thrown { try await store.save(name: "a", data: Data(count: (1 << 20) + 1)) }
        XCTAssertEqual(error, .failed)
        XCTAssertEqual(newFaults(), [.recordTooLarge])
        let kept = try await store.bytes("a")
        XCTAssertEqual(kept?.count, 1 << 20, "the old one stays")
        keychain.when { call, _ in call == .update ? .dataTooLarge : nil }
        let refused = await thrown { try await store.save(name: "a", data: Data([1])) }
        XCTAssertEqual(refused, .failed)
        XCTAssertEqual(newFaults(), [.recordTooLarge])
    }

    func testTwoStoresOverOneKeychain() async throws {
        let (one, two) = (store(), store())
        try await one.save(name: "a", data: Data([1]))
        try await two.save(name: "a", data: Data([2]))
        let data = try await one.bytes("a")
        XCTAssertEqual(data, Data([2]))
        let stores = [one, two]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask { try await stores[index % 2].save(name: "n\(index % 5)", data: Data([UInt8(index)])) }
            }
            try await group.waitForAll()
        }
        let names = try await two.names()
        XCTAssertEqual(Set(names), ["a", "n0", "n1", "n2", "n3", "n4"])
        XCTAssertEqual(newFaults(), [])
    }

    func testItPrintsNothingOfItsRecords() async throws {
        let store = store()
        try await store.save(name: "canary-name", data: Data("canary-data".utf8))
        var dumped = ""
        dump(store, to: &dumped)
        for printed in ["\(store)", String(reflecting: store), dumped] { XCTAssertFalse(printed.contains("canary")) }
    }

    #if !canImport(Security)
        func testWhereThereIsNoKeychainEveryCallSaysSo() async throws {
            let store = KeychainSessionStore(service: KeychainTestCase.service)
            let error = await thrown { try await store.load(name: "a") }
            XCTAssertEqual(error, .unavailable)
            XCTAssertEqual(store.lastFault, .keychainFailed(status: -4))
        }
    #endif
}

/// Makes each call from the main thread.
@MainActor
private func callAll(_ store: KeychainSessionStore) async throws {
    _ = try await store.load(name: "a")
    try await store.save(name: "a", data: Data([1]))
    _ = try await store.names()
    try await store.remove(name: "a")
}
