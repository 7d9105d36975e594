// Signs in, waits for the file `payload` in a folder, approves the code in it, and says so. Fails once the folder is gone.
//
// usage: QrApprover HOST FOLDER EMAIL PASSWORD

import B2CoreAuth
import Foundation

let arguments = CommandLine.arguments
let (host, folder) = (arguments[1], arguments[2])
let client = try AuthClient(host: host, store: .memory, qrOptions: ["inspect": "true"])
guard case .start(let start) = client.signIn(.front).current,
    case .credentials(let form) = try await start.open(),
    case .signedIn(let session) = try await form.submit(email: arguments[3], password: arguments[4])
else { exit(1) }
var scanned: String?
while scanned == nil {
    guard FileManager.default.fileExists(atPath: folder) else { exit(2) }
    scanned = try? String(contentsOfFile: folder + "/payload", encoding: .utf8)
    await Task.yield()
}
let request = try await session.inspectQr(scanned ?? "", source: .camera)
guard request.details.account == arguments[3], request.details.risks.isEmpty else { exit(3) }
try await request.approve()
FileHandle.standardOutput.write(Data("approved\n".utf8))
