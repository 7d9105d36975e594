import B2CoreAuth
import XCTest

/// Each cause for which an item cannot be read or written: what passes changes nothing, what lasts loses nothing.
final class FaultTests: KeychainTestCase {
    func testADeviceThatWasNotUnlockedYetIsUnavailable() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        for lock in [FakeKeychain.Lock.locked, .lockedAndEmpty] {
            keychain.set(lock)
            await assertUnusable(store(), .deviceLocked)
            keychain.set(.open)
            let data = try await store().bytes("session/a")
            XCTAssertEqual(data, Data([1]))
        }
    }

    func testAnUnlockBetweenTheReadAndTheProofHidesNoRecord() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        let keychain = keychain
        for call in [FakeKeychain.Call.copy, .delete, .list] {
            keychain.when { at, query in
                guard at == call, query.service == KeychainTestCase.service else { return nil }
                keychain.when(nil)
                return .itemNotFound
            }
            switch call {
            case .copy:
                let data = try await store().bytes("session/a")
                XCTAssertEqual(data, Data([1]))
            case .list:
                try await store().save(name: "session/b", data: Data([2]))
                let names = try await store().names()
                XCTAssertEqual(names, ["session/b"])
            default:
                try await store().remove(name: "session/a")
                XCTAssertEqual(records, [])
            }
        }
        XCTAssertEqual(newFaults(), [])
    }

    func testNotFoundCountsOnlyAfterAProof() async throws {
        let missing = try await store().bytes("none")
        XCTAssertNil(missing)
        XCTAssertEqual(keychain.calls, [.copy, .copy, .update, .add, .copy])
        let again = try await store().bytes("none")
        XCTAssertNil(again)
        XCTAssertEqual(keychain.calls.suffix(3), [.copy, .copy, .copy], "what was written can be read")
        XCTAssertEqual(records, [], "the probe is no record")
        let names = try await store().names()
        XCTAssertEqual(names, [])
    }

    func testAMissingEntitlementIsUnavailable() async throws {
        keychain.entitle("app", "team.group")
        try await store(accessGroup: "team.group").save(name: "session/a", data: Data([1]))
        keychain.entitle("app")
        await assertUnusable(store(accessGroup: "team.group"), .missingEntitlement)
        // A Keychain that does not tell it from an empty one.
        keychain.when { call, _ in call == .add ? .missingEntitlement : .itemNotFound }
        await assertUnusable(store(), .missingEntitlement)
        keychain.when(nil)
        keychain.entitle("app", "team.group")
        let data = try await store(accessGroup: "team.group").bytes("session/a")
        XCTAssertEqual(data, Data([1]))
    }

    func testAUserWhoHasToAuthenticateFirstIsNotSignedOut() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        for status in [KeychainStatus.authFailed, .userCanceled, .interactionRequired] {
            keychain.when { _, _ in status }
            await assertUnusable(store(), .userNotAuthenticated)
        }
    }

    func testAKeychainThatFailsForTheMomentCostsNothing() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        for status in [KeychainStatus.notAvailable, .parameter, KeychainStatus(rawValue: -67585)] {
            keychain.when { _, _ in status }
            await assertUnusable(store(), .keychainFailed(status: status.rawValue))
            keychain.when(nil)
            let data = try await store().bytes("session/a")
            XCTAssertEqual(data, Data([1]))
        }
    }

    func testAReadThatFailsForTheMomentIsUnavailable() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        _ = try await store().bytes("none")
        for status in [KeychainStatus.allocate, .io, .diskFull, .openForWriting, .readOnly, .dataTooLarge] {
            let calls: [(FakeKeychain.Call, (KeychainSessionStore) async throws -> Void)] = [
                (.copy, { _ = try await $0.load(name: "session/a") }), (.list, { _ = try await $0.names() }),
                (.copy, { try await $0.remove(name: "session/a") }),
                (.delete, { try await $0.remove(name: "session/a") }),
            ]
            for (failing, call) in calls {
                keychain.when { at, _ in at == failing ? status : nil }
                let error = await thrown { try await call(store()) }
                XCTAssertEqual(error, .unavailable, "\(failing) \(status)")
                XCTAssertEqual(newFaults(), [.keychainFailed(status: status.rawValue)])
                keychain.when(nil)
            }
        }
        XCTAssertEqual(records, ["session/a"])
    }

    func testAFullDiskKeepsNobodyFromReadingAndRemoving() async throws {
        try await store().save(name: "a", data: Data([1]))
        _ = try await store().bytes("none")
        keychain.when { call, _ in call == .add || call == .update ? .diskFull : nil }
        let none = try await store().bytes("none")
        XCTAssertNil(none)
        try await store().remove(name: "a")
        try await store().remove(name: "a")
        XCTAssertEqual(records, [])
        XCTAssertEqual(newFaults(), [])
    }

    /// A record that can be read is proof enough.
    func testAFullDiskKeepsNobodyFromRemovingWhereNothingWasProven() async throws {
        try await store().save(name: "a", data: Data([1]))
        keychain.when { call, _ in call == .add || call == .update ? .diskFull : nil }
        try await store().remove(name: "a")
        XCTAssertEqual(records, [])
        let error = await thrown { try await store().load(name: "none") }
        XCTAssertEqual(error, .unavailable, "a read does not fail for good")
        XCTAssertEqual(newFaults(), [.keychainFailed(status: -34)])
    }

    func testARemovalThatThrowsHasRemovedNothing() async throws {
        try await store().save(name: "a", data: Data([1]))
        for failing in [FakeKeychain.Call.copy, .list, .delete] {
            keychain.when { call, _ in call == failing ? .notAvailable : nil }
            do {
                try await store().remove(name: "a")
                XCTAssertEqual(records, [])
                try await store().save(name: "a", data: Data([1]))
            } catch {
                XCTAssertEqual(records, ["a"], "\(failing)")
                XCTAssertEqual(newFaults(), [.keychainFailed(status: -25291)])
            }
            keychain.when(nil)
        }
        // A Keychain that deletes what it cannot read.
        for lock in [FakeKeychain.Lock.locked, .lockedAndEmpty] {
            keychain.set(lock)
            XCTAssertEqual(
                keychain.delete(ItemQuery(service: KeychainTestCase.service, account: "other")), .itemNotFound)
            let error = await thrown { try await store().remove(name: "a") }
            XCTAssertEqual(error, .unavailable)
            XCTAssertEqual(newFaults(), [.deviceLocked])
            XCTAssertEqual(records, ["a"])
        }
    }

    func testAFullDiskKeepsWhatWasThere() async throws {
        let store = store()
        try await store.save(name: "a", data: Data([1]))
        for status in [KeychainStatus.diskFull, .io, .allocate, .openForWriting, .readOnly] {
            keychain.when { call, _ in call == .add || call == .update ? status : nil }
            for name in ["a", "new"] {
                let error = await thrown { try await store.save(name: name, data: Data([2])) }
                XCTAssertEqual(error, .failed)
                XCTAssertEqual(newFaults(), [.storageFailed])
            }
            let data = try await store.bytes("a")
            XCTAssertEqual(data, Data([1]))
        }
        keychain.when(nil)
        XCTAssertEqual(records, ["a"])
    }

    func testTwoWhoAddAtOnceBothWrite() async throws {
        let keychain = keychain
        // Another process adds the item between the update and the add.
        keychain.when { call, query in
            guard call == .add, query.account == "a" else { return nil }
            keychain.put(KeychainTestCase.service, "a", .init(data: Data([9])))
            return nil
        }
        try await store().save(name: "a", data: Data([1]))
        XCTAssertEqual(keychain.calls, [.update, .add, .update])
        let data = try await store().bytes("a")
        XCTAssertEqual(data, Data([1]))
    }

    func testARecordThatIsRemovedMeanwhileIsWritten() async throws {
        let keychain = keychain
        // Another process adds before each add, and removes before each second update.
        let turns = Counter()
        keychain.when { call, query in
            guard query.account == "a" else { return nil }
            if call == .add { keychain.put(KeychainTestCase.service, "a", .init(data: Data([9]))) }
            if call == .update, turns.next() == 2 { keychain.takeOut(KeychainTestCase.service, "a") }
            return nil
        }
        try await store().save(name: "a", data: Data([1]))
        let data = try await store().bytes("a")
        XCTAssertEqual(data, Data([1]))
        XCTAssertEqual(newFaults(), [])
    }

    func testARaceThatNeverEndsIsAFailure() async throws {
        keychain.when { call, _ in call == .update ? .itemNotFound : call == .add ? .duplicateItem : nil }
        let store = store()
        let error = await thrown { try await store.save(name: "a", data: Data([1])) }
        XCTAssertEqual(error, .unavailable)
        XCTAssertEqual(newFaults(), [.keychainFailed(status: -25299)])
    }

    func testEveryFaultHasAText() {
        let faults: [KeychainFault] = [
            .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed(status: -50), .storageFailed,
            .recordTooLarge, .installationUnknown, .recordCorrupt, .otherInstallation, .markerDamaged,
        ]
        XCTAssertEqual(Set(faults.map(\.description)).count, faults.count)
        XCTAssertEqual(faults.filter(\.isLasting), [.recordCorrupt, .otherInstallation, .markerDamaged])
    }
}

/// Counts from 1 up.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
        lock.withLock {
            count += 1
            return count
        }
    }
}
