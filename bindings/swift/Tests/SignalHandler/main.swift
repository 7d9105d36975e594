// A program with a way of its own to treat SIGPIPE, or none. Makes a client, raises the signal, and says what has become of it.
//
// usage: SignalHandler default|handler|info

import B2CoreAuth
import Foundation

#if canImport(Glibc)
    import Glibc

    private func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    private func current() -> sigaction {
        var action = sigaction()
        _ = sigaction(SIGPIPE, nil, &action)
        return action
    }

    var own = sigaction()
    sigemptyset(&own.sa_mask)
    switch CommandLine.arguments.last {
    case "handler":
        own.__sigaction_handler.sa_handler = { _ in say("handled") }
        sigaction(SIGPIPE, &own, nil)
    case "info":
        own.sa_flags = SA_SIGINFO
        sigaddset(&own.sa_mask, SIGUSR1)
        own.__sigaction_handler.sa_sigaction = { number, info, _ in
            say("handled with information: \(info?.pointee.si_signo == number)")
        }
        sigaction(SIGPIPE, &own, nil)
    default: break
    }
    let before = current()
    // It need not be able to do anything.
    _ = try? AuthClient(host: "https://broker.example", store: .memory)
    var after = current()
    say("same flags: \(after.sa_flags & SA_SIGINFO == before.sa_flags & SA_SIGINFO)")
    say("same mask: \(sigismember(&after.sa_mask, SIGUSR1) == sigismember(&own.sa_mask, SIGUSR1))")
    kill(getpid(), SIGPIPE)
    say("alive")
#endif
