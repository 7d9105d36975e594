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
            if let handler = signal(SIGPIPE, SIG_IGN) { _ = signal(SIGPIPE, handler) }
        #endif
    }()
}
