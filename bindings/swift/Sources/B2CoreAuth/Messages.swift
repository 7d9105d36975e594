import B2CoreAuthGenerated
import Foundation

extension AuthError: LocalizedError {
    /// The message for the user: what went wrong and what to do next, in the locale's language, or in English if there is
    /// none. The host's message is not in it. For a log, print the error itself, which is English.
    public func localizedMessage(locale: Locale = .current) -> String {
        let messages = Messages(locale)
        // The data are in the alphabetical order of their names: status, wait.
        switch self {
        case .LockedOut(let seconds, _, _):
            return messages.text(messageId(), messages.wait(seconds))
        case .BackingOff(let seconds):
            return messages.text(messageId(), messages.wait(seconds))
        case .HostFailed(let status, let seconds, _):
            return messages.text(messageId(), ["\(status)"] + (seconds.map { [messages.wait($0)] } ?? []))
        default:
            return messages.text(messageId())
        }
    }

    /// The message in the current locale's language. `localizedDescription` returns it too.
    public var errorDescription: String? { localizedMessage() }
}

/// The messages of errors in one language. The texts are resources, generated from the catalogue that `b2auth` uses too.
struct Messages {
    private let language: Bundle?

    /// The language of this locale, or English.
    init(_ locale: Locale) {
        // For "zh-Hant_TW": the whole identifier first, then without its last parts.
        var parts = locale.identifier.prefix { $0 != "@" && $0 != "." }.split { "-_".contains($0) }
        var found: Bundle?
        while found == nil, !parts.isEmpty {
            found = Self.bundle(parts.joined(separator: "-"))
            parts.removeLast()
        }
        language = found ?? Self.bundle("en")
    }

    private static func bundle(_ language: String) -> Bundle? {
        Bundle.module.path(forResource: language, ofType: "lproj").flatMap(Bundle.init(path:))
    }

    /// The text of this id with these data.
    func text(_ id: String, _ data: String...) -> String { text(id, data) }

    func text(_ id: String, _ data: [String]) -> String {
        let format = language?.localizedString(forKey: id, value: id, table: nil) ?? id
        return String(format: format, arguments: data.map { NSString(string: $0) })
    }

    /// A wait as a person reads it, such as `9 min 59 s`: from an hour on in whole minutes, rounded up.
    func wait(_ seconds: Int64) -> String {
        let whole = seconds < 3600 ? max(seconds, 0) : seconds + (60 - seconds % 60) % 60
        let parts = [("hours", whole / 3600), ("minutes", whole / 60 % 60), ("seconds", whole % 60)]
        let shown = parts.filter { $0.1 > 0 }
        return (shown.isEmpty ? [("seconds", 0)] : shown)
            .map { unit, count in text("wait-\(unit)", "\(count)") }
            .joined(separator: " ")
    }
}
