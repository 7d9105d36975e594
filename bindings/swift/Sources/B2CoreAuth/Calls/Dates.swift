import Foundation

extension Date {
    /// `nil` for none.
    init?(epochSeconds: Int64?) {
        guard let epochSeconds else { return nil }
        self.init(timeIntervalSince1970: Double(epochSeconds))
    }
}
