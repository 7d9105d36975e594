#if canImport(Security) && canImport(CryptoKit)
    import CryptoKit
    import Foundation
    import Security

    /// What the system's trust in a host and pins come to.
    enum ServerTrust {
        /// Not trusted by the system: it says so itself.
        case untrusted
        case accepted
        case pinMismatch

        init(_ trust: SecTrust, _ pins: CertificatePins) {
            guard SecTrustEvaluateWithError(trust, nil) else {
                self = .untrusted
                return
            }
            // The chain that was found to be trusted, up to its root.
            let chain = SecTrustCopyCertificateChain(trust) as? [SecCertificate] ?? []
            switch pins.state() {
            case .ignored: self = .accepted
            case .refused: self = .pinMismatch
            case .inForce: self = chain.contains { ServerTrust.isPinned($0, pins) } ? .accepted : .pinMismatch
            }
        }

        private static func isPinned(_ certificate: SecCertificate, _ pins: CertificatePins) -> Bool {
            guard let key = SecCertificateCopyKey(certificate), let info = info(key) else { return false }
            return pins.contains(sha256: Data(SHA256.hash(data: info)))
        }

        private static func info(_ key: SecKey) -> Data? {
            guard let attributes = SecKeyCopyAttributes(key) as? [CFString: Any],
                let bits = attributes[kSecAttrKeySizeInBits] as? Int,
                let kind = attributes[kSecAttrKeyType] as? String,
                let bare = SecKeyCopyExternalRepresentation(key, nil) as Data?
            else { return nil }
            if kind == kSecAttrKeyTypeRSA as String { return PublicKeyInfo.rsa(bare) }
            if kind == kSecAttrKeyTypeECSECPrimeRandom as String { return PublicKeyInfo.ec(bare, sizeInBits: bits) }
            return nil
        }
    }
#endif
