import B2CoreAuth
import Foundation

/// Not in `main.swift`, whose code is the main actor's: a call from there also pays for the way off it and back.
func bench() async throws {
    let raw = try await rawSignedIn()
    let session = try await signedIn()
    print("one call, median of \(Batches.count) batches")
    report("sync, raw: account()", Batches.measure { _ = raw.account() })
    report("sync: account", Batches.measure { _ = session.account })
    report("async, raw: accessToken()", try await Batches.measure { _ = try await raw.accessToken() })
    report("async: accessToken()", try await Batches.measure { _ = try await session.accessToken() })
    report("async, on the main actor", try await onTheMainActor(session))
    try await Crowd.measure()
}

@MainActor
private func onTheMainActor(_ session: Session) async throws -> Double {
    try await Batches.measure { @MainActor in _ = try await session.accessToken() }
}

private func report(_ name: String, _ nanoseconds: Double) {
    let padded = name.padding(toLength: 26, withPad: " ", startingAt: 0)
    print("  \(padded) \(nanoseconds < 1000 ? "\(Int(nanoseconds)) ns" : "\((nanoseconds / 100).rounded() / 10) µs")")
}
