// Another process of an app, for the tests of the lock between processes.
//
// usage: LockHolder hold FOLDER NAME       takes the lock of this name, says whether it has it, and waits to be killed
//        LockHolder fork FOLDER NAME       the same, starts a child that sleeps with a copy of the open file, says its id, waits for a line,
//                                          frees the lock, and says `free`
//        LockHolder sign-in FOLDER HOST    signs in, with a store and a lock in this folder
//        LockHolder refresh FOLDER HOST    says `ready`, waits for a line, and prints an access token, 16 minutes later by its clock

import B2CoreAuth
import Foundation

let arguments = CommandLine.arguments
let folder = URL(fileURLWithPath: arguments[2])
let lock = FileLock(folder: folder.appendingPathComponent("locks"))

func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

func client() throws -> AuthClient {
    let clock = TestClock()
    if arguments[1] == "refresh" { clock.advance(by: 16 * 60) }
    return try AuthClient(
        host: arguments[3], store: .custom(FolderStore(folder), processLock: lock), testClock: clock)
}

switch arguments[1] {
case "hold":
    let held = FileLock(folder: folder)
    say("\(try await held.tryLock(name: arguments[3]))")
    _ = readLine()
    withExtendedLifetime(held) {}
case "fork":
    let held = FileLock(folder: folder)
    say("\(try await held.tryLock(name: arguments[3]))")
    say("\(sleepingChild())")
    _ = readLine()
    await held.unlock(name: arguments[3])
    say("free")
    _ = readLine()
case "sign-in":
    guard case .start(let start) = try client().signIn(.front).current,
        case .credentials(let form) = try await start.open(),
        case .signedIn = try await form.submit(email: "plain@example.com", password: "Secret123")
    else { exit(1) }
    say("signed in")
case "refresh":
    guard let session = try await client().session(.front) else { exit(1) }
    say("ready")
    _ = readLine()
    say(try await session.accessToken().value)
default: exit(2)
}

/// A copy of this process that does nothing until it is killed. Swift hides `fork`, since hardly anything may be done after it.
func sleepingChild() -> pid_t {
    guard let fork = dlsym(dlopen(nil, RTLD_NOW), "fork") else { exit(1) }
    let child = unsafeBitCast(fork, to: (@convention(c) () -> pid_t).self)()
    while child == 0 { pause() }
    return child
}

/// A store that processes share: a file a record.
private actor FolderStore: SessionStore {
    private let folder: URL

    init(_ folder: URL) {
        self.folder = folder
    }

    func load(name: String) async throws -> LoadResult {
        let file = file(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return .missing }
        return .found(try Data(contentsOf: file))
    }

    func save(name: String, data: Data) async throws {
        try data.write(to: file(name), options: .atomic)
    }

    func remove(name: String) async throws {
        try? FileManager.default.removeItem(at: file(name))
    }

    func names() async throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { file in
            Data(base64Encoded: file.replacingOccurrences(of: "_", with: "/")).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    private func file(_ name: String) -> URL {
        let encoded = Data(name.utf8).base64EncodedString().replacingOccurrences(of: "/", with: "_")
        return folder.appendingPathComponent(encoded)
    }
}
