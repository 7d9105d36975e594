// Signs in as the README's first example does, and asks for a token. usage: Consumer HOST

import B2CoreAuth

struct NoToken: Error {}

func answer(_ question: String) async -> String {
    question == "e-mail" ? "plain@example.com" : "Secret123"
}

let session = try await signIn(host: CommandLine.arguments[1], ask: answer, show: { print($0) })
guard try await !session.accessToken().value.isEmpty else { throw NoToken() }
print("signed in as \(session.account)")
