import Foundation

/// The list of a product's public API, which `cargo xtask api` writes.
enum PublicApi {
    /// Its lines.
    static func lines(_ file: String) throws -> [Substring] {
        let list = Places.package.appendingPathComponent("../../docs/api/" + file).standardized
        return try String(contentsOf: list, encoding: .utf8).split(separator: "\n")
    }

    /// Its types of these kinds by their full names, such as `QrStates.Iterator`.
    static func types(_ kinds: [String]) throws -> Set<String> {
        let names = try lines("swift.txt").compactMap { line -> String? in
            let parts = line.components(separatedBy: " = ")
            guard parts.count == 2, kinds.contains(where: { parts[1].contains($0 + " ") }) else { return nil }
            return parts[0].split(separator: ".").dropFirst().joined(separator: ".")
        }
        return Set(names)
    }
}
