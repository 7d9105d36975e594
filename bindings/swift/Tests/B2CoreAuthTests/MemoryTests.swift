import B2CoreAuth
import XCTest

/// What stays in memory, of native objects too.
final class MemoryTests: AuthTestCase {
    private static let crowd = 2_000
    /// In KiB; a leak of two hundred bytes a call would be more.
    private static let mostGrowth = 32 * 1024

    func testAHundredRoundsKeepTheMemory() async throws {
        let clock = TestClock()
        let host = Renewing()
        let client = try AuthClient(
            host: "https://broker.example", store: .custom(ClassStore()), transport: .custom(host), testClock: clock)
        let form = try await client.signIn(.front).opened()
        let session = try await form.submit(email: World.email, password: World.password).session

        func round() async throws {
            clock.advance(by: Renewing.lifetime + 1)
            let tokens = try await withThrowingTaskGroup(of: AccessToken.self) { group in
                for _ in 0..<Self.crowd { group.addTask { try await session.accessToken() } }
                return try await group.reduce(into: Set<AccessToken>()) { $0.insert($1) }
            }
            XCTAssertEqual(tokens.count, 1)
        }
        for _ in 0..<20 { try await round() }
        let before = residentKilobytes()
        for _ in 0..<100 { try await round() }
        let after = residentKilobytes()
        print("resident memory before and after 100 rounds: \(before) KiB, \(after) KiB")
        XCTAssertGreaterThan(before, 1024, "it is measured")
        XCTAssertEqual(host.refreshes, 120)
        XCTAssertLessThan(after - before, Self.mostGrowth, "\(before) KiB before, \(after) KiB after")
        await until { callsIntoSwift() == 0 }
    }
}

/// A host whose tokens live for fifteen minutes, each pair another one.
private final class Renewing: Transport, @unchecked Sendable {
    static let lifetime: TimeInterval = 900

    private let lock = NSLock()
    private var pairs = 0

    /// The first pair is the sign-in's.
    var refreshes: Int { lock.withLock { pairs - 1 } }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        if request.method == "GET" { return HttpResponse(status: 200, body: Data(Bodies.wizard.utf8)) }
        let number = lock.withLock {
            pairs += 1
            return pairs
        }
        let life = #""createdAt":"2030-01-01T00:00:00Z","expiresAt":"2030-01-01T00:15:00Z""#
        let body =
            #"{"accessToken":{"token":"a\#(number)",\#(life)},"refreshToken":{"token":"r\#(number)"}}"#
        return HttpResponse(status: 200, body: Data(body.utf8))
    }
}

/// The memory of this process that is in use now.
private func residentKilobytes() -> Int {
    #if canImport(Darwin)
        var info = mach_task_basic_info()
        var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
        _ = withUnsafeMutablePointer(to: &info) { info in
            info.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
            }
        }
        return Int(info.resident_size / 1024)
    #else
        // What earlier tests have freed would take a leak in. Swift's module of the C library has no name for it.
        typealias Trim = @convention(c) (Int) -> Int32
        if let trim = dlsym(nil, "malloc_trim") { _ = unsafeBitCast(trim, to: Trim.self)(0) }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    #endif
}
