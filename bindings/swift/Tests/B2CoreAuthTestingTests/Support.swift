import B2CoreAuth
import B2CoreAuthTesting
import Foundation
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Another place than the test expected.
struct NotThere: Error {
    let there: String
}

extension SignInStep {
    var code: CodeStep {
        get throws { if case .code(let step) = self { step } else { throw NotThere(there: "\(self)") } }
    }

    var session: Session {
        get throws { if case .signedIn(let session) = self { session } else { throw NotThere(there: "\(self)") } }
    }
}

extension AuthClient {
    /// A new sign-in, up to what comes after the password.
    func enter(_ email: String, _ password: String = Sandbox.password) async throws -> SignInStep {
        guard case .start(let start) = signIn(.front).current, case .credentials(let form) = try await start.open()
        else {
            throw NotThere(there: "no form")
        }
        return try await form.submit(email: email, password: password)
    }
}

/// Runs a call that has to throw an `AuthError`.
func refused<T>(
    _ call: () async throws -> T, file: StaticString = #filePath, line: UInt = #line
) async throws -> AuthError {
    do {
        let result = try await call()
        XCTFail("it gave \(result)", file: file, line: line)
    } catch let error as AuthError {
        return error
    }
    throw NotThere(there: "a result")
}

/// Runs a call that has to throw a `SandboxError`.
func mistaken<T>(_ call: () throws -> T, file: StaticString = #filePath, line: UInt = #line) throws -> SandboxError {
    do {
        let result = try call()
        XCTFail("it gave \(result)", file: file, line: line)
    } catch let error as SandboxError {
        return error
    }
    throw NotThere(there: "a result")
}

/// The status of a GET with this access token.
func status(_ url: URL, _ token: String) async throws -> Int? {
    var request = URLRequest(url: url)
    request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    return (try await URLSession.shared.data(for: request).1 as? HTTPURLResponse)?.statusCode
}

extension QrStates.Iterator {
    /// The next state, which has to be there.
    func following() async throws -> QrState {
        guard let state = try await next() else { throw NotThere(there: "the end") }
        return state
    }

    /// The code of the next state, which has to show one.
    func code() async throws -> QrCode {
        switch try await following() {
        case .shown(let code), .renewed(let code): return code
        case let other: throw NotThere(there: "\(other)")
        }
    }

    /// The session that the next two states lead to.
    func session() async throws -> Session {
        guard case .approved = try await following(), case .signedIn(let session) = try await following() else {
            throw NotThere(there: "no session")
        }
        return session
    }
}
