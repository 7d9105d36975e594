import Dispatch

/// Times calls in batches: one call is too short for the clock.
enum Batches {
    static let count = 101
    private static let size = 1000

    /// The median, in nanoseconds a call.
    static func measure(_ call: () -> Void) -> Double {
        median(
            (0...count).map { _ in
                let start = DispatchTime.now().uptimeNanoseconds
                for _ in 0..<size { call() }
                return DispatchTime.now().uptimeNanoseconds - start
            })
    }

    static func measure(_ call: @Sendable () async throws -> Void) async throws -> Double {
        var batches: [UInt64] = []
        for _ in 0...count {
            let start = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<size { try await call() }
            batches.append(DispatchTime.now().uptimeNanoseconds - start)
        }
        return median(batches)
    }

    /// Without the first batch, which warms up.
    private static func median(_ batches: [UInt64]) -> Double {
        Double(batches.dropFirst().sorted()[count / 2]) / Double(size)
    }
}
