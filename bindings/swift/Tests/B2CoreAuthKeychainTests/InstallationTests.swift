import B2CoreAuth
import XCTest

/// The Keychain outlives an uninstall; the marker's folder does not.
final class InstallationTests: KeychainTestCase {
    private let service = KeychainTestCase.service

    func testWithoutABindingTheRecordsOutliveAnUninstall() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        let data = try await store().bytes("session/a")
        XCTAssertEqual(data, Data([1]))
        XCTAssertEqual(Set(keychain.items.values.map(\.installation)), [nil])
    }

    func testWithABindingTheyDoNot() async throws {
        let first = try container()
        try await store(.installation(marker: first)).save(name: "session/a", data: Data([1]))
        let kept = try await store(.installation(marker: first)).bytes("session/a")
        XCTAssertEqual(kept, Data([1]))
        XCTAssertEqual(newFaults(), [])
        XCTAssertEqual(records, ["session/a"])

        // The app is deleted with its container, and installed again.
        try FileManager.default.removeItem(at: first.deletingLastPathComponent())
        let names = try await store(.installation(marker: container())).names()
        XCTAssertEqual(names, [])
        XCTAssertEqual(records, [])
        XCTAssertEqual(newFaults(), [.otherInstallation])
    }

    func testEachCallIsAFirstUse() async throws {
        let calls: [(KeychainSessionStore) async throws -> Void] = [
            { _ = try await $0.load(name: "a") }, { try await $0.save(name: "b", data: Data([1])) },
            { try await $0.remove(name: "b") }, { _ = try await $0.names() },
        ]
        for call in calls {
            keychain.put(service, "a", .init(installation: Data([7]), data: Data([1])))
            let store = try store(.installation(marker: container()))
            try await call(store)
            XCTAssertFalse(records.contains("a"))
            XCTAssertEqual(newFaults(), [.otherInstallation])
        }
    }

    func testARecordFromBeforeTheBindingIsNobodys() async throws {
        try await store().save(name: "session/a", data: Data([1]))
        let data = try await store(.installation(marker: container())).bytes("session/a")
        XCTAssertNil(data)
        XCTAssertEqual(newFaults(), [.otherInstallation])
    }

    func testAMarkerThatIsOutOfReachIsNoNewInstallation() async throws {
        let marker = try container()
        try await store(.installation(marker: marker)).save(name: "session/a", data: Data([1]))
        // Neither can be read as a file, whoever runs the test. A file could take the place of the link.
        let away = marker.appendingPathExtension("away")
        try FileManager.default.moveItem(at: marker, to: away)
        try FileManager.default.createSymbolicLink(at: marker, withDestinationURL: marker)
        await assertUnusable(store(.installation(marker: marker)), .installationUnknown)
        try FileManager.default.removeItem(at: marker)
        try FileManager.default.createDirectory(at: marker, withIntermediateDirectories: false)
        await assertUnusable(store(.installation(marker: marker)), .installationUnknown)
        try FileManager.default.removeItem(at: marker)
        try FileManager.default.moveItem(at: away, to: marker)
        let data = try await store(.installation(marker: marker)).bytes("session/a")
        XCTAssertEqual(data, Data([1]))
    }

    func testAFolderThatCannotBeMadeIsNoNewInstallation() async throws {
        let file = try folder().appendingPathComponent("file")
        try Data().write(to: file)
        keychain.put(service, "session/a", .init(installation: Data([7]), data: Data([1])))
        try await store().save(name: "probe", data: Data([1]))
        // Anything but "there is no such file": the folder is none.
        let store = store(.installation(marker: file.appendingPathComponent("marker")))
        let error = await thrown { try await store.load(name: "session/a") }
        XCTAssertEqual(error, .unavailable)
        XCTAssertEqual(newFaults(), [.installationUnknown])
        XCTAssertEqual(records, ["probe", "session/a"])
    }

    func testALockedDeviceHasNoNewInstallation() async throws {
        let marker = try container()
        keychain.put(service, "session/a", .init(installation: Data([7]), data: Data([1])))
        for lock in [FakeKeychain.Lock.locked, .lockedAndEmpty] {
            keychain.set(lock)
            await assertUnusable(store(.installation(marker: marker)), .deviceLocked)
            XCTAssertFalse(FileManager.default.fileExists(atPath: marker.path))
        }
    }

    func testARemovalThatFailsIsDoneAtTheNextUse() async throws {
        let store = try store(.installation(marker: container()))
        keychain.put(service, "session/a", .init(installation: Data([7]), data: Data([1])))
        keychain.when { call, _ in call == .delete ? .notAvailable : nil }
        let error = await thrown { try await store.load(name: "session/a") }
        XCTAssertEqual(error, .unavailable)
        XCTAssertEqual(newFaults(), [.keychainFailed(status: -25291)])
        keychain.when(nil)
        let data = try await store.bytes("session/a")
        XCTAssertNil(data)
        XCTAssertEqual(newFaults(), [.otherInstallation])
    }

    func testADamagedMarkerIsMadeAnewAndSaysSoFirst() async throws {
        let marker = try container()
        let damages = [
            "", " \n", "zz", String(repeating: "z", count: 32), String(repeating: "0", count: 33),
            String(repeating: "0", count: 32) + String(repeating: " ", count: 1000) + "0",
        ]
        for damage in damages {
            try await store(.installation(marker: marker)).save(name: "before", data: Data([1]))
            XCTAssertEqual(newFaults(), [])
            try Data(damage.utf8).write(to: marker)
            try await store(.installation(marker: marker)).save(name: "a", data: Data([1]))
            XCTAssertEqual(newFaults(), [.markerDamaged, .otherInstallation], damage)
            XCTAssertEqual(records, ["a"])
            let data = try await store(.installation(marker: marker)).bytes("a")
            XCTAssertEqual(data, Data([1]))
            XCTAssertEqual(try Data(contentsOf: marker).count, 32)
        }
    }

    func testWhiteSpaceAroundTheMarkerIsNoDamage() async throws {
        let marker = try container()
        try await store(.installation(marker: marker)).save(name: "a", data: Data([1]))
        let id = try Data(contentsOf: marker)
        for (before, after) in [("", "\n"), ("", "\r\n"), (" \t", "  ")] {
            try (Data(before.utf8) + id + Data(after.utf8)).write(to: marker)
            let data = try await store(.installation(marker: marker)).bytes("a")
            XCTAssertEqual(data, Data([1]))
        }
        XCTAssertEqual(newFaults(), [])
    }

    /// Two apps of one team that share a group and have chosen the same service, without an access group.
    func testItemsOfAnotherGroupAreNotTouched() async throws {
        let (mine, others) = (try container(), try container())
        keychain.entitle("team.shared")
        let other = store(.installation(marker: others), app: "example.other")
        try await other.save(name: "session/a", data: Data([1]))
        try await other.save(name: "session/b", data: Data([2]))
        let before = keychain.items
        keychain.entitle("app", "team.shared")
        keychain.put(service, "session/a", .init(installation: Data([7]), data: Data([3])))
        let store = store(.installation(marker: mine), app: "example.acme")
        let a = try await store.bytes("session/a")
        XCTAssertNil(a, "it is another installation's, or another app's")
        XCTAssertEqual(newFaults(), [.otherInstallation])
        let names = try await store.names()
        XCTAssertEqual(names, [])
        try await store.remove(name: "session/b")
        XCTAssertEqual(keychain.items.filter { $0.key.group == "team.shared" }, before)
        try await store.save(name: "session/a", data: Data([4]))
        XCTAssertEqual(keychain.items.filter { $0.key.group == "team.shared" }, before)
        keychain.entitle("team.shared")
        let kept = try await other.bytes("session/a")
        XCTAssertEqual(kept, Data([1]))
    }

    func testAFullDiskKeepsNobodyFromSigningOutAtTheFirstUse() async throws {
        let marker = try container()
        try await store(.installation(marker: marker)).save(name: "a", data: Data([1]))
        keychain.when { call, _ in call == .add || call == .update ? .diskFull : nil }
        try await store(.installation(marker: marker)).remove(name: "a")
        XCTAssertEqual(records, [])
        XCTAssertEqual(newFaults(), [])
    }

    /// With the class "complete" by default, a file is out of reach whenever the device is locked, unless it gets another one. Not run on a
    /// device.
    func testTheMarkerAndItsLockGetTheirClasses() async throws {
        let (marker, files) = (try container(), RecordedFiles())
        _ = try await store(.installation(marker: marker), files: files).names()
        XCTAssertEqual(
            files.taken,
            [
                "keepFromBackups installation.lock", "protectNever installation.lock", "keepFromBackups installation",
                "protectUntilFirstUnlock installation",
            ])
        _ = try await store(.installation(marker: marker), files: files).names()
        XCTAssertEqual(
            files.taken,
            [
                "keepFromBackups installation.lock", "protectNever installation.lock",
                "protectUntilFirstUnlock installation",
            ])
    }

    /// As an app and its extensions do: whoever comes first makes the marker, and nobody removes what another one has written.
    func testManyFirstUsersShareOneInstallation() async throws {
        for _ in 0..<20 {
            let marker = try container()
            let stores = (0..<8).map { _ in store(.installation(marker: marker)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, store) in stores.enumerated() {
                    group.addTask { try await store.save(name: "n\(index)", data: Data([1])) }
                }
                try await group.waitForAll()
            }
            let names = try await store(.installation(marker: marker)).names()
            XCTAssertEqual(Set(names), Set((0..<8).map { "n\($0)" }))
        }
    }

    /// A marker in a container that does not exist yet.
    private func container() throws -> URL {
        let marker = try folder().appendingPathComponent("container/installation")
        try FileManager.default.createDirectory(
            at: marker.deletingLastPathComponent(), withIntermediateDirectories: true)
        return marker
    }
}
