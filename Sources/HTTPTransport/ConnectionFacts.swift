public import NIOCore
import NIOSSL
import SwiftASN1
import X509

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is known about a connection; settled once, before its first request.
public final class ConnectionFacts: Sendable {
    /// The peer's address; nil only if the connection was gone before it could be asked for.
    public let remoteAddress: SocketAddress?
    /// Whether the connection itself is encrypted. What a proxy says is not asked.
    public let isSecure: Bool
    /// Whose certificate the peer showed and proved to have, signed by the client CA and valid when the connection began; nil without.
    public let clientCertificate: ClientIdentity?

    init(remoteAddress: SocketAddress?, isSecure: Bool = false, clientCertificate: ClientIdentity? = nil) {
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        self.clientCertificate = clientCertificate
    }
}

/// The subject of a client's certificate, which was verified.
public struct ClientIdentity: Sendable, Hashable {
    /// The subject's common name; nil if it has none, or several, which would leave open who is meant.
    public let commonName: String?
    /// The whole subject as text (RFC 4514), for logs.
    public let subject: String

    init(commonName: String?, subject: String) {
        self.commonName = commonName
        self.subject = subject
    }

    /// - Parameters:
    ///   - certificate: the leaf, after its chain was verified. That may have been for an earlier connection, which this one resumes
    ///     (RFC 8446 §2.2), so its dates are looked at here again.
    ///   - now: in seconds since 1970.
    init(_ certificate: NIOSSLCertificate, now: time_t = time(nil)) throws {
        guard now >= certificate.notValidBefore, now <= certificate.notValidAfter else { throw CertificateExpired() }
        let subject = try Certificate(derEncoded: certificate.toDERBytes()).subject
        let names = subject.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }.map { String($0.value) }
        self.init(commonName: names.count == 1 ? names[0] : nil, subject: "\(subject)")
    }
}

struct CertificateExpired: Error {}
