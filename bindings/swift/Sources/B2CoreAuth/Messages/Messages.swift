import Foundation

/// The messages of errors in one language. The texts are compiled in, generated from the catalogue that `b2auth` uses too.
struct Messages {
    private static let english = MessageTexts.languages["en"] ?? [:]

    private let texts: [String: String]

    /// The language of this locale, or English.
    init(_ locale: Locale) {
        // For "zh-Hant_TW": the whole identifier first, then without its last parts.
        var parts = locale.identifier.prefix { $0 != "@" && $0 != "." }.split { "-_".contains($0) }
        var found: [String: String]?
        while found == nil, !parts.isEmpty {
            found = MessageTexts.languages[parts.joined(separator: "-")]
            parts.removeLast()
        }
        texts = found ?? Self.english
    }

    /// The text of this id with these data.
    func text(_ id: String, _ data: String...) -> String { text(id, data) }

    func text(_ id: String, _ data: [String]) -> String {
        var rest = Substring(texts[id] ?? Self.english[id] ?? id)
        var text = ""
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            if let place = Int(rest[rest.index(after: open)..<close]), data.indices.contains(place) {
                text += data[place]
            }
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
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
