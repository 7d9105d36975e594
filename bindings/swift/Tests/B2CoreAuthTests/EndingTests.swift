import Foundation
import XCTest

@testable import B2CoreAuth

/// What was ended stays ended, whatever is still under way; what was only cancelled goes on.
final class EndingTests: AuthTestCase {
    func testCancellingAtEveryStepLeavesItUsable() async throws {
        let world = try World()
        let signIn = world.client.signIn(.front)
        let start = try signIn.current.start
        try await cancelled(world) { try await start.open() }
        world.host.next(.ok(Bodies.wizard))
        let form = try await start.open().credentials
        try await cancelled(world) { try await form.submit(email: World.email, password: World.password) }
        world.host.next(.ok(Bodies.choice))
        let choice = try await form.submit(email: World.email, password: World.password).chooseMethod
        try await cancelled(world) { try await choice.choose(.google) }
        world.host.next(.ok(Bodies.code))
        let code = try await choice.choose(.google).code
        try await cancelled(world) { try await code.submit(code: "123456") }
        try await cancelled(world) { try await code.choose(.google) }
        world.host.next(.ok(Bodies.pair))
        _ = try await code.submit(code: "123456").session

        let reset = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.workflow("reset_password_email")))
        let mailed = try reset.current.resetCode
        try await cancelled(world) { try await mailed.submit(code: "123456") }
        world.host.next(.ok(Bodies.workflow("reset_password")))
        let password = try await mailed.submit(code: "123456").newPassword
        try await cancelled(world) { try await password.submit(password: "Longer456") }
    }

    func testAnAbandonedSignInStaysAbandoned() async throws {
        try await ended { _, signIn in try await signIn.abandon() }
    }

    func testASignOutAbandonsTheSignInsThatWereBegun() async throws {
        try await ended { client, _ in _ = try await client.signOut(.front) }
    }

    /// The code is under way when the sign-in is ended; the old step is tried afterwards, too.
    private func ended(_ end: (AuthClient, SignIn) async throws -> Void) async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.code))
        let code = try signIn.current.code
        let hold = Hold()
        world.host.next(.hold(hold, then: .ok(Bodies.pair)))
        let submitting = Task { try await code.submit(code: "123456") }
        try await hold.arrived.wait()
        try await end(world.client, signIn)
        hold.release.give()
        let result = await submitting.result
        XCTAssertThrowsError(try result.get())
        _ = try await refused { try await code.submit(code: "123456") }
        let session = try await world.client.session(.front)
        XCTAssertNil(session)
    }

    func testAutoRefreshEndsAtASignOut() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        let reason = Task { try await session.autoRefresh() }
        _ = try await client.signOut(.front)
        _ = try await reason.value
    }

    func testAnotherClientSeesASignOutBeforeItHandsATokenOutAgain() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        let one = try client(sandbox, store)
        let session = try await kept(sandbox, store)
        let rejected = try await session.accessToken()
        _ = try await one.signOut(.front)
        _ = try await refused { try await session.replaceRejectedToken(rejected) }
        XCTAssertNil(session.cachedAccessToken())
    }

    func testForeignBytesInAStoreLockNobodyOut() async throws {
        let sandbox = try sandbox()
        let before = ClassStore()
        _ = try await client(sandbox, before).signedIn()
        for name in before.kept {
            for broken in [Data(), Data([1]), Data(repeating: 255, count: 64)] {
                let store = ClassStore(copy: before)
                try await store.save(name: name, data: broken)
                let session = try await client(sandbox, store).signedIn()
                let owner = try await sandbox.owner(of: session.accessToken())
                XCTAssertEqual(owner, "plain@example.com", name)
            }
        }
    }

    /// The call is cancelled while its request is under way.
    private func cancelled(_ world: World, _ call: @escaping @Sendable () async throws -> SignInStep) async throws {
        let hold = Hold()
        world.host.next(.hold(hold, then: .fail(NotScripted(url: "held"))))
        let calling = Task { try await call() }
        try await hold.arrived.wait()
        calling.cancel()
        await assertCancelled(calling)
        try await hold.abandoned.wait()
    }
}
