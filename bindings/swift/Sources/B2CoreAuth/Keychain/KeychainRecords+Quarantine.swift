import Foundation

/// Records that the Keychain cannot decode are moved aside, by their attributes: their data is out of reach.
extension KeychainRecords {
    /// How many are kept of one record, and of all.
    private static let mostOfOne = 2
    private static let most = 64

    var quarantine: String { service + ".quarantine" }

    /// Moves this record aside. Returns its data if it can be decoded after all: another process has just written it anew.
    func moveAside(_ name: String) throws(KeychainFault) -> Data? {
        let all = try list(quarantine).map(\.account).sorted()
        var number = all.last.flatMap { Int($0.prefix { $0 != "-" }) } ?? 0
        var aside: String
        var moved: KeychainStatus
        repeat {
            number += 1
            aside = String(format: "%012d-", number) + name
            moved = items.update(record(name), ItemChange(service: quarantine, account: aside))
        } while moved == .duplicateItem
        switch moved {
        case .success:
            if let data = try bringBack(aside, to: name) { return data }
            dropOldest(of: name, all)
        case .decode: break  // It stays where it is, until a write takes its place.
        case .itemNotFound: return nil  // Another process was faster.
        default: throw moved.fault
        }
        report(.recordCorrupt)
        return nil
    }

    /// Makes room for one more.
    private func dropOldest(of name: String, _ all: [String]) {
        let ofIt = all.filter { recordName(ofQuarantined: $0) == name }
        let old = Set(ofIt.dropLast(KeychainRecords.mostOfOne - 1) + all.dropLast(KeychainRecords.most - 1))
        for account in old { _ = items.delete(query(quarantine, account)) }
    }

    /// Moves those records back that are missing and that can be decoded, the newest of each; returns how many.
    func restoreQuarantined() throws(KeychainFault) -> Int {
        var there = Set(try names())
        var count = 0
        for item in try list(quarantine).sorted(by: { $0.account > $1.account }) {
            let name = recordName(ofQuarantined: item.account)
            guard !there.contains(name), try bringBack(item.account, to: name) != nil else { continue }
            there.insert(name)
            count += 1
        }
        return count
    }

    /// The name of the record that was moved there.
    func recordName(ofQuarantined account: String) -> String {
        String(account.drop { $0 != "-" }.dropFirst())
    }

    /// Moves this record back if it can be decoded; returns its data then.
    private func bringBack(_ aside: String, to name: String) throws(KeychainFault) -> Data? {
        let (status, data) = items.copy(query(quarantine, aside))
        switch status {
        case .success:
            guard let data else { return nil }
            let back = items.update(query(quarantine, aside), ItemChange(service: service, account: name))
            return back == .success ? data : nil
        case .decode, .itemNotFound: return nil
        default: throw status.fault
        }
    }
}
