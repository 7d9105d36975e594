import XCTest

@testable import B2CoreAuth

/// The messages for users, in every language, against those of the catalogue.
final class MessageTests: XCTestCase {
    /// By language and id; waits by their seconds.
    private static let table: [String: [String: String]] = {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("../../../messages/table.tsv").standardized
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
        var table: [String: [String: String]] = [:]
        for line in lines where !line.hasPrefix("#") {
            let parts = line.split(separator: "\t").map(String.init)
            table[parts[0], default: [:]][parts[1]] = parts[2]
        }
        return table
    }()

    func testEveryErrorSaysWhatTheCatalogueSays() {
        XCTAssertTrue(Set(Self.table.keys).isSuperset(of: ["en", "de", "es"]))
        for (language, texts) in Self.table {
            for error in Self.errors {
                let message = error.localizedMessage(locale: Locale(identifier: language))
                XCTAssertEqual(message, texts[error.messageId], "\(language) \(error.messageId)")
                XCTAssertEqual(error.code, error.messageId.split(separator: ".").first.map(String.init))
            }
            let ids = texts.keys.filter { Int($0) == nil }
            // In Swift a cancelled call throws `CancellationError`.
            let expected = Set(Self.errors.map(\.messageId)).union(["cancelled"])
            XCTAssertEqual(Set(ids), expected, "the catalogue has just these")
        }
    }

    func testEveryWaitIsSaidAsTheCatalogueSaysIt() {
        for (language, texts) in Self.table {
            let waits = texts.compactMap { id, text in Int64(id).map { ($0, text) } }
            XCTAssertGreaterThan(waits.count, 5)
            for (seconds, text) in waits {
                XCTAssertEqual(Messages(Locale(identifier: language)).wait(seconds), text)
            }
        }
    }

    func testALanguageIsOneOfItsOwnAndEnglishStandsForWhatIsNotKnown() {
        let error = AuthError.lockedOut(retryAfter: 599, byHost: true, correlationId: nil)
        func message(_ locale: String) -> String { error.localizedMessage(locale: Locale(identifier: locale)) }
        XCTAssertEqual(message("en"), "Too many attempts; try again in 9 min 59 s.")
        XCTAssertEqual(message("de"), "Zu viele Versuche; versuchen Sie es in 9 min 59 s erneut.")
        for locale in ["de_AT", "de-CH", "de_DE@currency=EUR"] {
            XCTAssertEqual(message(locale), message("de"), locale)
        }
        for locale in ["ja_JP", "en_GB", ""] { XCTAssertEqual(message(locale), message("en"), locale) }
        XCTAssertEqual((error as any Error).localizedDescription, error.localizedMessage(locale: .current))
        XCTAssertEqual("\(error)", "too many attempts; try again in 599 s", "what is logged stays")
    }

    /// Each error in each of its cases.
    private static let errors: [AuthError] = {
        let message = ServerMessage(lines: ["No"])
        let problems: [InputProblem] = [
            .emailNeeded, .noEmail, .passwordNeeded, .newPasswordNeeded, .codeNeeded, .codeNotDigits,
            .codeNotLettersOrDigits,
        ]
        let networks: [NetworkProblem] = [
            .unreachable, .tls, .pinMismatch, .interrupted, .timedOut, .tooLarge, .notHttp, .failed,
        ]
        let qr: [QrProblem] = [
            .notACode, .otherHost, .notAvailable, .expired, .alreadyUsed, .alreadyDecided, .notConfirmed, .unauthorized,
            .uncertain, .authorizationUsed, .noCode,
        ]
        let channels: [ChannelProblem] = [.unreachable, .tls, .pinMismatch, .notFound, .protocol, .refused, .failed]
        let gateways = ["", ".proxy", ".portal"].map { "blocked_by_gateway" + $0 }
        let answers = ["not_b2core", "redirected", "protocol"] + gateways
        let stores = ["wrong_key", "key_missing", "corrupt", "newer", "io", "failed"].map { "store_" + $0 } + ["not_a_store"]
        var errors: [AuthError] = [
            .wrongCredentials(attemptsLeft: nil, serverMessage: message, correlationId: nil),
            .wrongCredentials(attemptsLeft: 2, serverMessage: message, correlationId: nil),
            .wrongCode(attemptsLeft: nil, serverMessage: message, correlationId: nil),
            .wrongCode(attemptsLeft: 2, serverMessage: message, correlationId: nil),
            .passwordRefused(serverMessage: message, correlationId: nil),
            .refused(serverMessage: message, correlationId: nil),
            .recaptchaRequired,
            .recaptchaRefused(serverMessage: message, correlationId: nil),
            .methodNotAvailable,
            .lockedOut(retryAfter: 599, byHost: true, correlationId: nil),
            .backingOff(retryAfter: 599),
            .signInExpired(correlationId: nil),
            .hostFailed(status: 503, retryAfter: nil, correlationId: nil),
            .hostFailed(status: 503, retryAfter: 599, correlationId: nil),
            .storeUnavailable(),
            .notSaved(problem: "x", correlationId: nil),
            .notSignedIn,
            .sessionEnded(correlationId: nil),
            .reauthenticationRequired(serverMessage: message, correlationId: nil),
            .sessionReplaced,
            .busy,
            .staleStep,
            .setup(problem: "x"),
        ]
        errors += problems.map { .invalidInput($0) }
        errors += networks.map { .network($0, correlationId: nil) }
        errors += qr.map { .qr($0, serverMessage: message, correlationId: nil) }
        errors += channels.map { .channel($0) }
        errors += answers.map { .unexpectedAnswer(code: $0, problem: "x", correlationId: nil) }
        errors += stores.map { .storeFailed(code: $0, problem: "x") }
        return errors
    }()
}
