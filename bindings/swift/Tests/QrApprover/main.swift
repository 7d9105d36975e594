// Signs in, approves the code whose payload is in this file, and says so.
//
// usage: QrApprover HOST FILE EMAIL PASSWORD

import B2CoreAuth
import Foundation

let arguments = CommandLine.arguments
let client = try AuthClient(host: arguments[1], store: .memory, qrOptions: ["inspect": "true"])
guard case .start(let start) = client.signIn(.front).current,
    case .credentials(let form) = try await start.open(),
    case .signedIn(let session) = try await form.submit(email: arguments[3], password: arguments[4])
else { exit(1) }
let scanned = try String(contentsOfFile: arguments[2], encoding: .utf8)
let request = try await session.inspectQr(scanned, source: .camera)
guard request.details.account == arguments[3], request.details.risks.isEmpty else { exit(2) }
try await request.approve()
FileHandle.standardOutput.write(Data("approved\n".utf8))
