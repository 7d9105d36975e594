import Foundation

/// What the app's own code threw while this library called it, by a number that goes through the native library in its place and
/// comes back with the error of whoever asked.
///
/// One failure may be the answer to many callers, so nothing is removed when it is found. The newest ones are kept; an error whose
/// underlying error is gone by then has none.
enum Thrown {
    static let most: Int64 = 64

    private static let table = Table()

    static func keep(_ error: any Error) -> Int64 { table.keep(error) }

    static func find(_ number: Int64) -> (any Error)? { table.find(number) }

    private final class Table: @unchecked Sendable {
        private let lock = NSLock()
        private var kept: [Int64: any Error] = [:]
        private var last: Int64 = 0

        func keep(_ error: any Error) -> Int64 {
            lock.withLock {
                last += 1
                kept[last] = error
                kept[last - most] = nil
                return last
            }
        }

        func find(_ number: Int64) -> (any Error)? {
            lock.withLock { kept[number] }
        }
    }
}
