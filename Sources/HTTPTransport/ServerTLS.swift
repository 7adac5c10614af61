import NIOCore
import NIOSSL
import Synchronization

/// The TLS side of a server: the files of a `TransportSecurity`, read and found good, which can be read anew while the server runs.
///
/// HTTP/2 and HTTP/1.1 are offered by ALPN (RFC 7301, RFC 9113 §3.2); a peer that asks for neither gets HTTP/1.1.
public final class ServerTLS: Sendable {
    /// What it was made of.
    public let security: TransportSecurity

    private let current: Mutex<NIOSSLContext>

    /// Reads the files. Blocks for as long as that takes.
    public init(_ security: TransportSecurity) throws(TLSFileError) {
        self.security = security
        self.current = Mutex(try Self.load(security))
    }

    /// Reads the files anew, for connections from here on; those that are open go on as they are. Blocks for as long as that takes.
    /// - Throws: what is wrong; what was read before stays in use then.
    public func reload() throws(TLSFileError) {
        let fresh = try Self.load(security)
        current.withLock { $0 = fresh }
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    private static func load(_ security: TransportSecurity) throws(TLSFileError) -> NIOSSLContext {
        let chain = try certificates(in: TLSFile(.certificate, security.certificate))
        let keyFile = try TLSFile(.key, security.key)
        let key = try privateKey(in: keyFile)

        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = TLSVersion(security.minimumVersion)
        configuration.applicationProtocols = [ApplicationProtocol.http2, ApplicationProtocol.http1]
        // How long a close waits for the peer's own before the connection is dropped.
        configuration.shutdownTimeout = .seconds(2)
        if let path = security.clientCA {
            configuration.trustRoots = .certificates(try certificates(in: TLSFile(.clientCA, path)))
            configuration.certificateVerification =
                switch security.clientCertificates {
                case .optional: .optionalVerification
                case .required: .noHostnameVerification
                }
            configuration.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // Each was good alone.
            throw keyFile.error(.doesNotFit)
        }
    }

    private static func certificates(in file: TLSFile) throws(TLSFileError) -> [NIOSSLCertificate] {
        guard
            file.holds("-----BEGIN CERTIFICATE-----") || file.holds("-----BEGIN X509 CERTIFICATE-----")
                || file.holds("-----BEGIN TRUSTED CERTIFICATE-----")
        else { throw file.error(.notPEM) }
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(file.bytes), !certificates.isEmpty else { throw file.error(.damaged) }
        return certificates
    }

    private static func privateKey(in file: TLSFile) throws(TLSFileError) -> NIOSSLPrivateKey {
        guard file.holds("PRIVATE KEY-----") else { throw file.error(.notPEM) }
        if file.holds("-----BEGIN ENCRYPTED PRIVATE KEY-----") || file.holds("Proc-Type: 4,ENCRYPTED") { throw file.error(.encrypted) }
        do {
            return try NIOSSLPrivateKey(bytes: file.bytes, format: .pem)
        } catch {
            throw file.error(.damaged)
        }
    }
}

/// Names of protocols in ALPN (IANA's registry of them).
enum ApplicationProtocol {
    static let http2 = "h2"
    static let http1 = "http/1.1"
}

extension TLSVersion {
    fileprivate init(_ version: TransportSecurity.Version) {
        self =
            switch version {
            case .tls10: .tlsv1
            case .tls11: .tlsv11
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
    }
}
