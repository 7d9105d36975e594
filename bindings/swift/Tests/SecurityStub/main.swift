// Makes each call of the system's Keychain once, and says where an answer is another one than expected.

import Foundation
import Security

let keychain = SystemKeychain()
let item = ItemAttributes(service: "s", account: "a", installation: Data([7]), accessGroup: "g")
var other = item
other.account = "b"
other.installation = nil
let query = item.query
let all = ItemQuery(service: "s", accessGroup: "g")

@MainActor
func expect(_ what: String, _ holds: Bool) {
    if !holds {
        print("not as expected: \(what)")
        exit(1)
    }
}

expect("nothing is there", keychain.copy(query) == (.itemNotFound, nil))
expect("nothing is listed", keychain.list(all).status == .itemNotFound)
expect("nothing is updated", keychain.update(query, ItemChange(data: Data([1]))) == .itemNotFound)
expect("nothing is deleted", keychain.delete(query) == .itemNotFound)
expect("an item is added", keychain.add(item, data: Data([1])) == .success)
expect("it is there", keychain.copy(query) == (.success, Data([1])))
expect(
    "it is not in another group",
    keychain.copy(ItemQuery(service: "s", account: "a", accessGroup: "h")).status == .itemNotFound)
expect("it is not another service's", keychain.list(ItemQuery(service: "t")).status == .itemNotFound)
expect("it is a duplicate", keychain.add(item, data: Data([1])) == .duplicateItem)
expect("it is updated", keychain.update(query, ItemChange(installation: Data([8]), data: Data([2]))) == .success)
expect("it is new", keychain.copy(query) == (.success, Data([2])))
expect("another one is added", keychain.add(other, data: Data([3])) == .success)
let listed = keychain.list(all)
expect("both are listed", listed.status == .success && listed.items.map(\.account) == ["a", "b"])
expect("with their installation", listed.items.map(\.installation) == [Data([8]), nil])
var ofAnother = query
ofAnother.installation = Data([7])
expect("it is no other installation's", keychain.delete(ofAnother) == .itemNotFound)
expect("it cannot take the other's place", keychain.update(query, ItemChange(account: "b")) == .duplicateItem)
expect("it is moved", keychain.update(query, ItemChange(service: "t", account: "c")) == .success)
expect("to there", keychain.copy(ItemQuery(service: "t", account: "c", accessGroup: "g")) == (.success, Data([2])))
expect("the other is deleted", keychain.delete(all) == .success)
expect("and is gone", keychain.list(all).status == .itemNotFound)

// Without a group: of every group, and in the default one.
let anywhere = ItemAttributes(service: "u", account: "a")
expect(
    "one is added to a group",
    keychain.add(ItemAttributes(service: "u", account: "a", accessGroup: "g"), data: Data([1])) == .success)
expect("it is found without the group", keychain.copy(anywhere.query) == (.success, Data([1])))
expect("the default group has none", keychain.add(anywhere, data: Data([2])) == .success)
expect("now it has", keychain.add(anywhere, data: Data([2])) == .duplicateItem)
expect(
    "both are listed with their groups",
    keychain.list(anywhere.query).items.map(\.accessGroup) == ["g", stubDefaultGroup])
expect("both are updated", keychain.update(anywhere.query, ItemChange(data: Data([3]))) == .success)
expect("in each group", keychain.copy(ItemQuery(service: "u", accessGroup: "g")) == (.success, Data([3])))
expect(
    "and in the other", keychain.copy(ItemQuery(service: "u", accessGroup: stubDefaultGroup)) == (.success, Data([3])))

stubIsLocked = true
expect("it is not read while it is locked", keychain.copy(anywhere.query) == (.interactionNotAllowed, nil))
expect("nor listed", keychain.list(anywhere.query).status == .interactionNotAllowed)
expect("nor added", keychain.add(ItemAttributes(service: "u", account: "b"), data: Data([1])) == .interactionNotAllowed)
expect("nor updated", keychain.update(anywhere.query, ItemChange(data: Data([4]))) == .interactionNotAllowed)
expect("but deleted", keychain.delete(anywhere.query) == .success)
expect("and then not found", keychain.delete(anywhere.query) == .itemNotFound)
stubIsLocked = false
expect("both are gone", keychain.list(anywhere.query).status == .itemNotFound)
print("all as expected")
