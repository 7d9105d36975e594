import Foundation

/// The `SubjectPublicKeyInfo` of a key, in DER: what pins are made of. Apple's systems give out the key alone, without what says of which
/// kind it is.
enum PublicKeyInfo {
    /// Of an RSA key in the form of PKCS #1.
    static func rsa(_ key: Data) -> Data {
        let kind = element(0x30, rsaEncryption + [0x05, 0x00])
        return element(0x30, kind + bits(key))
    }

    /// Of a point on one of NIST's curves, uncompressed; `nil` for another curve.
    static func ec(_ point: Data, sizeInBits: Int) -> Data? {
        guard let curve = curves[sizeInBits] else { return nil }
        return element(0x30, element(0x30, ecPublicKey + curve) + bits(point))
    }

    // Object identifiers, with tag and length.
    private static let rsaEncryption: [UInt8] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
    private static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
    private static let curves: [Int: [UInt8]] = [
        256: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        384: [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22],
        521: [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23],
    ]

    private static func bits(_ key: Data) -> Data {
        element(0x03, [0] + key)
    }

    private static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> Data {
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(rest & 0xff), at: 0)
            rest >>= 8
        }
        let head = content.count < 0x80 ? [UInt8(content.count)] : [0x80 | UInt8(length.count)] + length
        return Data([tag] + head) + content
    }
}
