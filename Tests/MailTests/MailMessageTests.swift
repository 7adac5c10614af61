import FoundationEssentials
import Testing

@testable import Mail

@Suite struct MailMessageTests {
    private func text(subject: String = "s", body: String) throws -> String {
        let message = try MailMessage(from: "w@example.com", to: "a@example.org", subject: subject, body: body)
        return String(decoding: message.text(at: Date(timeIntervalSince1970: 0), id: "1"), as: UTF8.self)
    }

    private func body(_ body: String) throws -> [Substring] {
        let text = try text(body: body)
        let end = try #require(text.firstRange(of: "\r\n\r\n"))
        return text[end.upperBound...].split(separator: "\r\n", omittingEmptySubsequences: false)
    }

    @Test("a message in full")
    func whole() throws {
        #expect(
            try text(subject: "Bitte bestätigen", body: "Grüße\n\nhttps://wharf.example/?a=b") == """
                Date: Thu, 1 Jan 1970 00:00:00 +0000\r
                From: <w@example.com>\r
                To: <a@example.org>\r
                Message-ID: <1@example.com>\r
                Subject: =?utf-8?B?Qml0dGUgYmVzdMOkdGlnZW4=?=\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                Auto-Submitted: auto-generated\r
                \r
                Gr=C3=BC=C3=9Fe\r
                \r
                https://wharf.example/?a=3Db\r

                """)
    }

    @Test(
        "dates", arguments: [(1_795_263_499, "Sat, 21 Nov 2026 12:18:19 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000")])
    func dates(seconds: Int, field: String) {
        #expect(MailMessage.field(Date(timeIntervalSince1970: Double(seconds))) == field)
    }

    @Test("any end of line becomes CRLF, and none is added at the end")
    func ends() throws {
        #expect(try body("a\nb\rc\r\nd\n\ne") == ["a", "b", "c", "d", "", "e", ""])
        #expect(try body("a\n") == ["a", ""])
        #expect(try body("") == [""])
    }

    @Test("plain text stays as it is; a line too long for SMTP is broken softly")
    func longLines() throws {
        let long = String(repeating: "x", count: 998)
        #expect(try body(long) == [long[...], ""])
        let lines = try body(long + "y")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        #expect(lines.joined().replacing("=", with: "") == long + "y")
    }

    @Test("quoted-printable: blanks at an end, equal signs, controls, and no line over 76")
    func quotedPrintable() throws {
        #expect(QuotedPrintable.lines("a ") == ["a=20"])
        #expect(QuotedPrintable.lines("a\tb \t") == ["a\tb =09"])
        #expect(QuotedPrintable.lines("1=1\u{7f}") == ["1=3D1=7F"])
        #expect(QuotedPrintable.lines("") == [""])
        #expect(QuotedPrintable.lines(String(repeating: "ü", count: 13)) == [String(repeating: "=C3=BC", count: 12) + "=C3=", "=BC"])
        #expect(QuotedPrintable.lines(String(repeating: "x", count: 76)) == [String(repeating: "x", count: 75) + "=", "x"])
    }

    @Test("a subject is ASCII as it is, or encoded words of whole characters")
    func subjects() {
        #expect(EncodedWords.field("Confirm your address") == "Confirm your address")
        #expect(EncodedWords.field("=?utf-8?B?eA==?=") == "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=")
        #expect(EncodedWords.field(" x") == "=?utf-8?B?IHg=?=")
        #expect(
            EncodedWords.field(String(repeating: "€", count: 16))
                == "=?utf-8?B?\(String(repeating: "4oKs", count: 15))?=\r\n =?utf-8?B?4oKs?=")
        #expect(EncodedWords.field(String(repeating: "aü", count: 100)).split(separator: "\r\n ").allSatisfy { $0.utf8.count <= 75 })
    }

    @Test(
        "an address that could say more than an address is refused",
        arguments: [
            "", "a", "@", "a@", "@b", "a@b@c", "a b@c.d", "a@b.c\r\nRCPT TO:<x@y.z>", "a@b.c\n", "<a@b.c>", "a@b.c>", "a@b.c,d",
            "\"a\"@b.c",
            "ä@b.c", "a@b.c\0", "a@b.c SIZE=1", String(repeating: "a", count: 250) + "@b.cd",
        ])
    func addresses(text: String) {
        #expect(throws: MailMessage.Refusal.address(text)) { try MailMessage(from: "a@b.c", to: text, subject: "s", body: "b") }
        #expect(throws: MailMessage.Refusal.address(text)) { try MailMessage(from: text, to: "a@b.c", subject: "s", body: "b") }
    }

    @Test(
        "a subject with a line break, or with any control character, is refused",
        arguments: ["a\r\nBcc: x@y.z", "a\n", "\r", "a\0b", "\u{85}", "\u{7f}"])
    func badSubject(text: String) {
        #expect(throws: MailMessage.Refusal.subject) { try MailMessage(from: "a@b.c", to: "a@b.c", subject: text, body: "b") }
    }

    @Test("too much, and a NUL, are refused")
    func limits() throws {
        #expect(throws: MailMessage.Refusal.subject) {
            try MailMessage(from: "a@b.c", to: "a@b.c", subject: String(repeating: "x", count: 501), body: "b")
        }
        #expect(throws: MailMessage.Refusal.body) { try MailMessage(from: "a@b.c", to: "a@b.c", subject: "s", body: "a\0") }
        #expect(throws: MailMessage.Refusal.body) {
            try MailMessage(from: "a@b.c", to: "a@b.c", subject: "s", body: String(repeating: "x", count: 262_145))
        }
        _ = try MailMessage(
            from: "a@b.c", to: "a@b.c", subject: String(repeating: "x", count: 500), body: String(repeating: "x", count: 262_144))
    }
}

@Suite struct MailServerTests {
    @Test(
        "addresses of servers",
        arguments: [
            ("smtp://mail.example.com", "smtp://mail.example.com:587"), ("smtps://mail.example.com", "smtps://mail.example.com:465"),
            ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25"), ("smtp://[::1]:2525", "smtp://[::1]:2525"),
            ("smtps://[2001:db8::1]", "smtps://[2001:db8::1]:465"),
        ])
    func addresses(text: String, meaning: String) {
        #expect(MailServer.Address(text)?.description == meaning)
    }

    @Test(
        "what is no address of a server is refused",
        arguments: [
            "", "mail.example.com", "smtp:mail", "smtp://", "smtp:///", "http://mail", "smtp://mail:0", "smtp://mail:65536",
            "smtp://mail:", "smtp://mail:+25", "smtp://mail:025", "smtp://mail/", "smtp://mail:25/x", "smtp://user@mail",
            "smtp://user:pw@mail:25",
            "smtp://mail?x", "smtp://ma il", "smtp://-mail", "smtp://[::1", "smtp://[x]:25", "smtp://[::1]25", "smtp://[]",
            "smtp://mail\r\n:25",
        ])
    func refused(text: String) {
        #expect(MailServer.Address(text) == nil)
    }

    @Test("a login has a user and no NUL, and does not print its password")
    func login() throws {
        #expect(MailServer.Login(user: "", password: "x") == nil)
        #expect(MailServer.Login(user: "a\0", password: "x") == nil)
        #expect(MailServer.Login(user: "a", password: "x\0") == nil)
        let login = try #require(MailServer.Login(user: "a", password: "s3cret"))
        let server = MailServer(try #require(MailServer.Address("smtp://mail")), login: login)
        #expect("\(login)" == "a")
        #expect(!"\(server)".contains("s3cret"))
    }
}
