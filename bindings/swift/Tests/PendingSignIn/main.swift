// Signs in as far as the code, or to the end where none is wanted, says so, and waits to be killed.
//
// usage: PendingSignIn HOST STORE EMAIL PASSWORD

import B2CoreAuth
import Foundation

let arguments = CommandLine.arguments
let client = try AuthClient(host: arguments[1], store: .file(path: arguments[2], passphrase: nil))
guard case .start(let start) = client.signIn(.front).current,
    case .credentials(let form) = try await start.open()
else { exit(1) }
let place =
    switch try await form.submit(email: arguments[3], password: arguments[4]) {
    case .code(let step): "code for \(step.account)"
    case .signedIn(let session): "signed in with \(try await session.accessToken().value)"
    default: "elsewhere"
    }
FileHandle.standardOutput.write(Data("\(place)\n".utf8))
_ = readLine()
