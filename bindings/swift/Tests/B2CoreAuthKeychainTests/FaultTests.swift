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

    func testNotFoundCountsOnlyAfterAWrite() async throws {
        let missing = try await store().bytes("none")
        XCTAssertNil(missing)
        XCTAssertEqual(keychain.calls, [.copy, .update, .add, .copy])
        let again = try await store().bytes("none")
        XCTAssertNil(again)
        XCTAssertEqual(keychain.calls.suffix(3), [.copy, .update, .copy])
        XCTAssertEqual(records, [], "the probe is no record")
        let names = try await store().names()
        XCTAssertEqual(names, [])
    }

    func testAMissingEntitlementIsUnavailable() async throws {
        keychain.entitle(["app", "team.group"])
        try await store(accessGroup: "team.group").save(name: "session/a", data: Data([1]))
        keychain.entitle(["app"])
        await assertUnusable(store(accessGroup: "team.group"), .missingEntitlement)
        // A Keychain that does not tell it from an empty one.
        keychain.when { call, _ in call == .add ? .missingEntitlement : .itemNotFound }
        await assertUnusable(store(), .missingEntitlement)
        keychain.when(nil)
        keychain.entitle(["app", "team.group"])
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
            .recordTooLarge, .installationUnknown, .recordCorrupt, .otherInstallation,
        ]
        XCTAssertEqual(Set(faults.map(\.description)).count, faults.count)
        XCTAssertEqual(faults.filter(\.isLasting), [.recordCorrupt, .otherInstallation])
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
