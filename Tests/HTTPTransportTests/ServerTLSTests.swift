import Glibc
import NIOCore
import NIOSSL
import Testing
import X509

@testable import HTTPTransport

@Suite struct ServerTLSTests {
    /// What is wrong with the files, in the words that whoever runs the server reads; the folder's name is left out.
    private func complaint(_ folder: TLSFolder, clients: Bool = false) throws -> String? {
        do {
            _ = try ServerTLS(folder.security(clients: clients ? .optional : nil))
            return nil
        } catch {
            #expect(error.path.hasPrefix(folder.path))
            return error.description.replacing("\(folder.path)/", with: "")
        }
    }

    @Test("good files are taken")
    func good() throws {
        let folder = try TLSFolder()
        #expect(try complaint(folder) == nil)
        #expect(try complaint(folder, clients: true) == nil)
        // Certificate and key in one file, with words around.
        let certificate = try folder.authority.signs("one", for: .server)
        try folder.write("Our certificate:\n\(certificate.pem)\nand its key:\n\(certificate.keyPEM)\n", to: "cert.pem")
        let both = TransportSecurity(certificate: folder.file("cert.pem"), key: folder.file("cert.pem"))
        #expect(throws: Never.self) { _ = try ServerTLS(both) }
    }

    @Test("a file that will not do is named, and what is wrong with it")
    func bad() throws {
        let certificate = "-----BEGIN CERTIFICATE-----\n"
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
        let traditional =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"
        let cases: [(String, String?, String)] = [
            ("cert.pem", nil, "TLS certificate cert.pem: no such file"),
            ("cert.pem", " \n", "TLS certificate cert.pem: is empty"),
            ("cert.pem", "hello", "TLS certificate cert.pem: holds no certificate in PEM"),
            ("cert.pem", certificate + "AAAA\n-----END CERTIFICATE-----\n", "TLS certificate cert.pem: holds a damaged certificate"),
            ("cert.pem", String(repeating: "a", count: 1_048_577), "TLS certificate cert.pem: is larger than 1 MiB"),
            ("key.pem", nil, "TLS key key.pem: no such file"),
            ("key.pem", "", "TLS key key.pem: is empty"),
            ("key.pem", certificate, "TLS key key.pem: holds no private key in PEM"),
            (
                "key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "TLS key key.pem: holds a private key that is damaged or not supported"
            ),
            ("key.pem", encrypted, "TLS key key.pem: is encrypted; a key without passphrase is needed"),
            ("key.pem", traditional, "TLS key key.pem: is encrypted; a key without passphrase is needed"),
            (
                "key.pem", try TestCertificate.authority().keyPEM,
                "TLS key key.pem: does not belong to the certificate"
            ),
            ("ca.pem", nil, "client CA ca.pem: no such file"),
            ("ca.pem", "hello", "client CA ca.pem: holds no certificate in PEM"),
        ]
        for (name, text, wanted) in cases {
            let folder = try TLSFolder()
            if let text { try folder.write(text, to: name) } else { unlink(folder.file(name)) }
            #expect(try complaint(folder, clients: true) == wanted)
        }
        let folder = try TLSFolder()
        unlink(folder.file("key.pem"))
        mkdir(folder.file("key.pem"), 0o700)
        #expect(try complaint(folder) == "TLS key key.pem: cannot be read: Is a directory")
    }

    @Test("a certificate's dates count also for a connection that resumes an earlier one, whose chain is not verified again")
    func dates() throws {
        let folder = try TLSFolder()
        let alice = try #require(try folder.authority.signs("alice", for: .client).chain.first)
        let now = time(nil)
        #expect(try ClientIdentity(alice) == ClientIdentity(commonName: "alice", subject: "CN=alice"))
        #expect(throws: CertificateExpired.self) { try ClientIdentity(alice, now: now + 3700) }
        #expect(throws: CertificateExpired.self) { try ClientIdentity(alice, now: now - 3700) }
    }

    @Test("files are read anew for new connections; open ones go on, and broken files change nothing")
    func reload() async throws {
        let folder = try TLSFolder()
        let tls = try ServerTLS(folder.security())
        let ask = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        try await withServer(TransportConfiguration(tls: tls, sendsDate: false), handler: TLSTests.who) { server in
            /// The name in the certificate that the server shows.
            func shown(_ client: RawClient) async throws -> String {
                try await client.send(ask)
                #expect(try await client.receive(through: ";") == TLSTests.answer("https true nobody;"))
                let certificate = try #require(try await client.channel.nioSSL_peerCertificate().get())
                return try #require(try ClientIdentity(certificate).commonName)
            }
            let first = try await server.connect(tls: folder.client())
            #expect(try await shown(first) == "first")

            try folder.install(folder.authority.signs("second", for: .server))
            let unaware = try await server.connect(tls: folder.client())
            #expect(try await shown(unaware) == "first")
            try tls.reload()
            let second = try await server.connect(tls: folder.client())
            #expect(try await shown(second) == "second")
            #expect(try await shown(first) == "first")

            try folder.write(folder.authority.keyPEM, to: "key.pem")
            #expect(throws: TLSFileError(role: .key, path: folder.file("key.pem"), problem: .doesNotFit)) { try tls.reload() }
            let third = try await server.connect(tls: folder.client())
            #expect(try await shown(third) == "second")
            for client in [first, unaware, second, third] { await client.close() }
        }
    }
}
