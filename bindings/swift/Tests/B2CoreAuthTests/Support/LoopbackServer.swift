import Foundation

#if canImport(Glibc)
    import Glibc
    private let stream = Int32(SOCK_STREAM.rawValue)
#else
    private let stream = SOCK_STREAM
#endif

/// A server that answers with the bytes that a test gives, for answers that no B2Core host sends. One connection at a time.
final class LoopbackServer: @unchecked Sendable {
    enum Reaction: Sendable {
        case say(String)
        /// Keeps the connection open for the next request.
        case sayAndStay(String)
        /// Closes the connection.
        case close
        /// Says nothing until the client has gone.
        case silence
    }

    let port: UInt16
    let clientGone = Signal()
    private let listener: Int32
    private let react: @Sendable (String) -> Reaction
    private let lock = NSLock()
    private var received: [String] = []
    private var isStopped = false

    init(_ react: @escaping @Sendable (String) -> Reaction) throws {
        self.react = react
        listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve() }
    }

    /// The requests so far: head and body.
    var requests: [String] { lock.withLock { received } }

    /// Nobody gets a connection any more. The thread closes the socket: its number must not become another's before.
    func stop() {
        lock.withLock {
            if !isStopped { shutdown(listener, Int32(SHUT_RDWR)) }
            isStopped = true
        }
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            while answer(connection) {}
            close(connection)
        }
        lock.withLock {
            isStopped = true
            close(listener)
        }
    }

    /// True if the connection stays open.
    private func answer(_ connection: Int32) -> Bool {
        let request = read(connection)
        if request.isEmpty { return false }
        lock.withLock { received.append(request) }
        switch react(request) {
        case .say(let answer):
            write(answer, connection)
        case .sayAndStay(let answer):
            write(answer, connection)
            return true
        case .close: break
        case .silence:
            while !receive(connection).isEmpty {}
            clientGone.give()
        }
        return false
    }

    private func write(_ answer: String, _ connection: Int32) {
        let bytes = Array(answer.utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ connection: Int32) -> String {
        var text = ""
        while true {
            let more = receive(connection)
            text += more
            let parts = text.components(separatedBy: "\r\n\r\n")
            let announced = text.lowercased().components(separatedBy: "content-length: ").dropFirst().first
            let length = announced.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            if more.isEmpty || (parts.count > 1 && parts[1].utf8.count >= length) { return text }
        }
    }

    private func receive(_ connection: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = recv(connection, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}
