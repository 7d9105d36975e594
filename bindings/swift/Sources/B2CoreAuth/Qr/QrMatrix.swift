import Foundation

/// A QR code as a square of modules, for what draws codes by itself. It includes the light margin that scanners need; draw it on a
/// light ground, also in a dark theme. It is as secret as the payload, so printing it shows nothing.
public struct QrMatrix: Hashable, Sendable {
    private let modules: Data

    /// How many modules each side has, with the margin.
    public let side: Int

    init(_ modules: Data) {
        self.modules = modules
        side = Int(Double(modules.count).squareRoot())
    }

    /// True for a dark module; `x` and `y` count from the upper left corner, from zero. Everything outside is light.
    public func isDark(x: Int, y: Int) -> Bool {
        (0..<side).contains(x) && (0..<side).contains(y) && modules[modules.startIndex + y * side + x] != 0
    }

    /// All modules, row by row: true for a dark one.
    public var rows: [[Bool]] { (0..<side).map { y in (0..<side).map { x in isDark(x: x, y: y) } } }
}

extension QrMatrix: CustomStringConvertible, CustomReflectable {
    public var description: String { "QrMatrix(..)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
