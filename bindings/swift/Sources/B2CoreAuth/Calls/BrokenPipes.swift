#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps a connection that its other side has closed from ending this process.
///
/// On Linux, a write to such a connection raises `SIGPIPE`, whose default action ends the process; Rust's programs ignore it, but a library
/// in another program does not. On Apple's systems it can be switched off for each socket, and is. A handler of the program's own stays.
package enum BrokenPipes {
    /// Ignores the signal from now on, if nobody else has said what to do.
    package static func ignore() { ignored }

    private static let ignored: Void = {
        #if canImport(Glibc) || canImport(Musl)
            // Asked first: `signal` cannot put a handler back that was set with flags and a mask.
            var current = sigaction()
            guard sigaction(SIGPIPE, nil, &current) == 0, handler(of: current) == nil else { return }
            _ = signal(SIGPIPE, SIG_IGN)
        #endif
    }()

    #if canImport(Glibc)
        /// `nil` for the default. A handler with `SA_SIGINFO` lies at the same place.
        private static func handler(of action: sigaction) -> sighandler_t? { action.__sigaction_handler.sa_handler }
    #elseif canImport(Musl)
        private static func handler(of action: sigaction) -> sighandler_t? { action.__sa_handler.sa_handler }
    #endif
}
