import Foundation

/// A code to show. Whoever is signed in and sees its ``payload`` can approve this sign-in, so printing it shows nothing.
public struct QrCode: Sendable {
    let raw: Raw.QrCode

    /// The text to show as a QR code.
    public var payload: String { raw.payload() }

    /// The payload as modules to draw; `nil` if it is too long for a QR code.
    public var matrix: QrMatrix? { raw.matrix().map(QrMatrix.init) }

    /// The id of the sign-in channel, for an app that learns of the approval in a way of its own.
    public var channelId: String { raw.channelId() }

    /// The address of this screen, as the host sees it.
    public var ip: String? { raw.ip() }

    /// Where the host takes this screen to be, by its address.
    public var location: String? { raw.location() }

    /// When the code expires by this device's wall clock. For a countdown use ``timeLeft``.
    public var expiresAt: Date { Date(timeIntervalSince1970: Double(raw.expiresAtEpochSeconds())) }

    /// How long the code may still be shown, in seconds, however the wall clock is set. Zero: hide it.
    public var timeLeft: TimeInterval { Double(raw.timeLeftMillis()) / 1000 }
}

extension QrCode: Hashable {
    /// Codes are equal if they have the same text, which no two of them have.
    public static func == (one: QrCode, other: QrCode) -> Bool { one.payload == other.payload }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(payload)
    }
}

extension QrCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "QrCode(..)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
