/// How a server speaks TLS: which files it shows, and what it asks of its peers. The files are read by `ServerTLS`.
public struct TransportSecurity: Sendable, Hashable {
    /// The versions of the protocol (RFC 2246, 4346, 5246, 8446). 1.0 and 1.1 are for old engines only (RFC 8996).
    public enum Version: String, Sendable, Hashable, CaseIterable {
        case tls10 = "1.0"
        case tls11 = "1.1"
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// Whether a peer must show a certificate, where there is a client CA.
    public enum ClientCertificates: String, Sendable, Hashable, CaseIterable {
        /// A peer without one is served too. One that is shown has to be good.
        case optional
        /// Without one there is no connection.
        case required
    }

    /// The path of a PEM file with the server's certificate, followed by the intermediate ones.
    public let certificate: String
    /// The path of a PEM file with the certificate's private key, not encrypted. May be the same file.
    public let key: String
    /// The lowest version that is spoken. Default: 1.2.
    public let minimumVersion: Version
    /// The path of a PEM file with the certificates that sign those of clients; nil: clients are not asked for any. Default: nil.
    public let clientCA: String?
    /// Whether clients must have a certificate; without a `clientCA` it means nothing. Default: optional.
    public let clientCertificates: ClientCertificates

    public init(
        certificate: String,
        key: String,
        minimumVersion: Version = .tls12,
        clientCA: String? = nil,
        clientCertificates: ClientCertificates = .optional
    ) {
        self.certificate = certificate
        self.key = key
        self.minimumVersion = minimumVersion
        self.clientCA = clientCA
        self.clientCertificates = clientCertificates
    }
}
