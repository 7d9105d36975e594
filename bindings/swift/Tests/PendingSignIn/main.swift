// Signs in as far as the code, says so, and waits to be killed.
//
// usage: PendingSignIn HOST STORE EMAIL PASSWORD

import B2CoreAuth
import Foundation

let arguments = CommandLine.arguments
let client = try AuthClient(host: arguments[1], store: .file(path: arguments[2], passphrase: nil))
guard case .start(let start) = client.signIn(.front).current,
    case .credentials(let form) = try await start.open(),
    case .code(let step) = try await form.submit(email: arguments[3], password: arguments[4])
else { exit(1) }
FileHandle.standardOutput.write(Data("code for \(step.account)\n".utf8))
_ = readLine()
