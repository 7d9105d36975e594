import XCTest

@testable import B2CoreAuth

/// Pinned keys, as far as a system without Apple's `Security` can show.
final class CertificatePinsTests: XCTestCase {
    private static let nobody = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    private static let nobodyElse = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

    private func pins(_ expiresAt: Date? = nil, _ then: CertificatePins.AfterExpiry = .ignore) throws -> CertificatePins {
        try CertificatePins([Self.nobody, Self.nobodyElse], expiresAt: expiresAt, afterExpiry: then)
    }

    func testWhatCannotBePinnedIsRefused() {
        for wrong in [[], [Self.nobody], [Self.nobody, Self.nobody], [Self.nobody, "sha256/x"]] {
            XCTAssertThrowsError(try CertificatePins(wrong), "\(wrong)") { error in
                guard case AuthError.setup = error else { return XCTFail("\(error)") }
            }
        }
    }

    func testPinsAreReadInEverySpellingAndWrittenInOne() throws {
        let curl = Self.nobody.replacingOccurrences(of: "/", with: "//")
        XCTAssertEqual(try CertificatePins([curl, Self.nobodyElse]).pins, [Self.nobody, Self.nobodyElse])
        XCTAssertTrue(try pins().contains(sha256: Data(repeating: 1, count: 32)))
        XCTAssertFalse(try pins().contains(sha256: Data(repeating: 2, count: 32)))
        XCTAssertEqual("\(try pins())", "CertificatePins(\(Self.nobody), \(Self.nobodyElse))")
    }

    func testPinsHoldUntilTheyExpire() throws {
        let at = Date(timeIntervalSince1970: 100)
        for (then, expected) in [(CertificatePins.AfterExpiry.ignore, CertificatePins.State.ignored), (.refuse, .refused)] {
            let pins = try pins(at, then)
            XCTAssertEqual(pins.state(at: at.addingTimeInterval(-0.5)), .inForce)
            XCTAssertEqual(pins.state(at: at), expected)
            XCTAssertEqual(pins.state(at: .distantPast), .inForce)
            XCTAssertEqual(pins.state(), expected)
        }
        XCTAssertEqual(try pins().state(at: .distantFuture), .inForce)
    }

    func testPinsThatNobodyWouldLookAtAreRefused() throws {
        let pins = try pins()
        XCTAssertThrowsError(
            try AuthClient(
                host: "https://broker.example", store: .memory, transport: .custom(URLSessionTransport()),
                certificatePins: pins)
        ) { error in
            guard case AuthError.setup(let problem) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(problem.contains("pins"), problem)
        }
        XCTAssertNoThrow(try AuthClient(host: "https://broker.example", store: .memory, certificatePins: pins))
    }

    #if !canImport(Security)
        func testPinsAreRefusedWhereTheSystemShowsNoCertificates() throws {
            let pins = try pins()
            XCTAssertThrowsError(try URLSessionTransport(certificatePins: pins)) { error in
                guard case AuthError.setup(let problem) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(problem.contains("no certificates"), problem)
            }
        }
    #endif

    /// Keys of `openssl genpkey`, and what `openssl pkey -pubout -outform der` makes of them. A bare key is the end of it.
    func testAPublicKeyInfoIsTheOneThatOpensslMakes() throws {
        for (info, head, size) in Self.keys {
            let info = try XCTUnwrap(Data(base64Encoded: info))
            let bare = Data(info.dropFirst(head))
            XCTAssertEqual(size.map { PublicKeyInfo.ec(bare, sizeInBits: $0) } ?? PublicKeyInfo.rsa(bare), info)
        }
        XCTAssertNil(PublicKeyInfo.ec(Data(), sizeInBits: 255))
    }

    /// The key, the bytes before the bare key, the size of the curve.
    private static let keys: [(String, Int, Int?)] = [
        (
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzkg/sMf1NwKO/+owjBbGqBuqAwUKXuQhfD0vE8oic3LzbXNzf+zq3OQRbM3pYG8dfb26gbGtJ4nV"
                + "JBzB12Rhcw==", 26, 256
        ),
        (
            "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE8UCrqop1AMREe9UiHmWWX0hr3tG2OI3zkzik9X4jau3kcY2OSDExH8I7hy8+0O/3Iz7COUXh+uhBfaAf"
                + "fU4N8fQL43fQ9DmAr/IvpVPJfcXzcM+W+j3yxD6MEzsGBUCJ", 23, 384
        ),
        (
            "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBICXh3nv/JxykXHdV6RM2+KgmJdEUeDHChcTMFX5+gYEz0NgDQkYhp+MX/sYb1OK4KMAdBsM60bGp"
                + "rouv/h2vhuwAvdmWBc7lWX4tU2fNosoLgxOwbm+topJPTkqnMdv4QhkLJmcOdLBXgZiK+eZUISLRZh9t7E6Ha/6aWlwY94Msaas=", 25, 521
        ),
        (
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmOtoip6GOckAmXbP1dal8wbgdqIJh+S5j3b7gr+l1aAmP/AUsYYffUgTLZn5YILD8eoG"
                + "Op7yUVfC29Duu129LHi/O3qZGEu4NcPrslR3Om77kPwdnYep8CKcXCK2sYJFonoycbgnQFQ/tITLGsuBdUPUdDfmWQlWrLWSKMkOWJSJQKZ5"
                + "bh1l7gqCCdlPnM7TER+F6sF/uHU3ZvBRLzXM2Z5IRmCxh0c2s+CL2RF0OwHk4DTBrNddefX0QVqvpd2NWQ76dtWZluUXNPlOu0koiItvHKQg"
                + "yxu0sAueYFv9UysGDgz841J6R0EbV/r1+f61V4cZurcj9PuGqj1JcpJaLwIDAQAB", 24, nil
        ),
    ]
}
