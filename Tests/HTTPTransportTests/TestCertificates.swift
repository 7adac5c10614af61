import Crypto
import Foundation
import Glibc
import NIOSSL
import SwiftASN1
import X509

@testable import HTTPTransport

/// A certificate and its key, made for a test.
struct TestCertificate: Sendable {
    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    var pem: String { get throws { try certificate.serializeAsPEM().pemString } }
    var keyPEM: String { key.pemRepresentation }
    var chain: [NIOSSLCertificate] { get throws { try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)) } }
    var privateKey: NIOSSLPrivateKey { get throws { try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem) } }

    /// Signs itself, and others.
    static func authority(_ name: String = "Test CA") throws -> TestCertificate {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: .now - 7200, notValidAfter: .now + 7200,
            issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) },
            issuerPrivateKey: .init(key))
        return TestCertificate(certificate: certificate, key: key)
    }

    enum Purpose {
        case server
        case client
    }

    /// - Parameter validUntil: seconds from now.
    func signs(_ names: String..., for purpose: Purpose, validUntil: Double = 3600) throws -> TestCertificate {
        let key = P256.Signing.PrivateKey()
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: .now - 3600,
            notValidAfter: .now + validUntil, issuer: self.certificate.subject,
            subject: try DistinguishedName(names.map { .init(type: .RDNAttributeType.commonName, utf8String: $0) }),
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([purpose == .server ? .serverAuth : .clientAuth])
                SubjectAlternativeNames([.dnsName("localhost")])
            },
            issuerPrivateKey: .init(self.key))
        return TestCertificate(certificate: certificate, key: key)
    }
}

/// A folder with the files of a server's TLS; gone after the test.
final class TLSFolder: Sendable {
    let path: String
    let authority: TestCertificate

    init() throws {
        var template = Array("/tmp/http-transport-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        authority = try .authority()
        try write(authority.pem, to: "ca.pem")
        try install(authority.signs("first", for: .server))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func install(_ server: TestCertificate) throws {
        try write(server.pem, to: "cert.pem")
        try write(server.key.pemRepresentation, to: "key.pem")
    }

    func security(
        _ version: TransportSecurity.Version = .tls12, clients: TransportSecurity.ClientCertificates? = nil
    ) -> TransportSecurity {
        TransportSecurity(
            certificate: file("cert.pem"), key: file("key.pem"), minimumVersion: version, clientCA: clients == nil ? nil : file("ca.pem"),
            clientCertificates: clients ?? .optional)
    }

    /// What a client needs that trusts the folder's authority.
    func client(
        showing certificate: TestCertificate? = nil, atMost version: TLSVersion? = nil, protocols: [String] = ["http/1.1"]
    ) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try authority.chain)
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = protocols
        configuration.maximumTLSVersion = version
        configuration.minimumTLSVersion = .tlsv1
        if let certificate {
            configuration.certificateChain = try certificate.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(try certificate.privateKey)
        }
        return configuration
    }
}
