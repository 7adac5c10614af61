import Glibc
import Testing

@testable import Mail

@Suite(.timeLimit(.minutes(1))) struct MailerTests {
    private func mailer(
        _ peer: SMTPPeer, scheme: String = "smtp", login: MailServer.Login? = nil, requiresTLS: Bool = false,
        timeout: Duration = .seconds(20)
    ) throws -> Mailer {
        let address = try #require(MailServer.Address("\(scheme)://127.0.0.1:\(peer.port)"))
        return Mailer(MailServer(address, login: login, requiresTLS: requiresTLS, timeout: timeout))
    }

    private func message(_ body: String = "Hello.\n") throws -> MailMessage {
        try MailMessage(from: "wharf@example.com", to: "alice@example.org", subject: "Confirm", body: body)
    }

    /// What sending to a peer that answers so throws.
    private func failure(
        greeting: String? = "220 peer ready", scheme: String = "smtp", login: MailServer.Login? = nil, requiresTLS: Bool = false,
        timeout: Duration = .seconds(20), _ script: @escaping SMTPPeer.Script = SMTPPeer.polite
    ) async throws -> (error: MailError?, lines: [String]) {
        try await withPeer(greeting: greeting, script) { peer in
            let mailer = try mailer(peer, scheme: scheme, login: login, requiresTLS: requiresTLS, timeout: timeout)
            let message = try message()
            do throws(MailError) {
                try await mailer.send(message)
                return (nil, peer.lines)
            } catch {
                return (error, peer.lines)
            }
        }
    }

    @Test("a message is handed over whole: sender, reader, fields, body, dots")
    func whole() async throws {
        try await withPeer { peer in
            try await mailer(peer).send(message("One\n.\n..two\r\n.three\n"))
            var lines = peer.lines
            try #require(lines.count == 20)
            #expect(lines.removeFirst().hasPrefix("EHLO "))
            #expect(lines.remove(at: 3).hasPrefix("Date: "))
            #expect(lines.remove(at: 5).contains(#/^Message-ID: <[0-9a-z]+\.[0-9a-z]+@example\.com>$/#))
            #expect(
                lines == [
                    "MAIL FROM:<wharf@example.com>",
                    "RCPT TO:<alice@example.org>",
                    "DATA",
                    "From: <wharf@example.com>",
                    "To: <alice@example.org>",
                    "Subject: Confirm",
                    "MIME-Version: 1.0",
                    "Content-Type: text/plain; charset=utf-8",
                    "Content-Transfer-Encoding: 7bit",
                    "Auto-Submitted: auto-generated",
                    "",
                    "One",
                    "..",
                    "...two",
                    "..three",
                    ".",
                    "QUIT",
                ])
        }
    }

    @Test("messages go one after the other, each in a conversation of its own")
    func several() async throws {
        try await withPeer { peer in
            let mailer = try mailer(peer)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<5 {
                    group.addTask {
                        try await mailer.send(
                            MailMessage(from: "w@example.com", to: "u\(index)@example.org", subject: "s", body: "b"))
                    }
                }
                try await group.waitForAll()
            }
            let told = peer.lines.filter { $0.hasPrefix("RCPT") || $0 == "QUIT" }
            #expect(stride(from: 1, to: 10, by: 2).allSatisfy { told[$0] == "QUIT" })
            #expect(Set(told) == Set(["QUIT"]).union((0..<5).map { "RCPT TO:<u\($0)@example.org>" }))
        }
    }

    @Test("a login is used, and the right one")
    func login() async throws {
        let login = MailServer.Login(user: "wharf", password: "s3cret pass")
        let (error, lines) = try await failure(login: login) { line in
            if line.hasPrefix("EHLO") { return "250-peer\r\n250 AUTH PLAIN" }
            if line == "AUTH PLAIN" { return "334 " }
            return line.hasPrefix("AHdoYXJm") ? "235 in" : SMTPPeer.polite(line)
        }
        #expect(error == nil)
        #expect(lines.contains { $0.hasSuffix("AHdoYXJmAHMzY3JldCBwYXNz") })
    }

    @Test("a refused login is told in the server's words, without the password in any spelling, on one line")
    func refusedLogin() async throws {
        let login = MailServer.Login(user: "wharf", password: "s3cret pass")
        let (error, lines) = try await failure(login: login) { line in
            if line.hasPrefix("EHLO") { return "250-peer\r\n250 AUTH PLAIN" }
            return line.hasPrefix("A")
                ? "535-5.7.8 no: s3cret pass\u{1b}[2J\r\n535 5.7.8 AHdoYXJmAHMzY3JldCBwYXNz czNjcmV0IHBhc3M= \u{202e}"
                : SMTPPeer.polite(line)
        }
        #expect(error == .login("535-5.7.8 no: ***?[2J 535 5.7.8 *** *** ?"))
        #expect(error.map { "\($0)" } == "the mail server refuses the login: 535-5.7.8 no: ***?[2J 535 5.7.8 *** *** ?")
        #expect(!lines.contains { $0.hasPrefix("MAIL") })
    }

    @Test("a server without STARTTLS, where it is required, gets neither login nor message")
    func noSTARTTLS() async throws {
        let login = MailServer.Login(user: "wharf", password: "s3cret")
        let (error, lines) = try await failure(login: login, requiresTLS: true) { line in
            line.hasPrefix("EHLO") ? "250-peer\r\n250 AUTH PLAIN LOGIN" : SMTPPeer.polite(line)
        }
        guard case .tls(let text) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(text.contains("STARTTLS"))
        #expect(lines.count { !$0.hasPrefix("EHLO") && $0 != "QUIT" } == 0)
    }

    @Test("a STARTTLS that is offered and then refused, or leads nowhere, ends it")
    func brokenSTARTTLS() async throws {
        let login = MailServer.Login(user: "wharf", password: "s3cret")
        for answer in ["454 not now", "220 go on"] {
            let (error, lines) = try await failure(login: login, requiresTLS: true, timeout: .seconds(2)) { line in
                line.hasPrefix("EHLO") ? "250-peer\r\n250-STARTTLS\r\n250 AUTH PLAIN" : line == "STARTTLS" ? answer : "500 what?"
            }
            switch error {
            case .tls, .timeout: break
            default: Issue.record("\(error.debugDescription)")
            }
            #expect(!lines.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
        }
    }

    @Test("smtps to a server that does not speak TLS is an error of TLS")
    func plainSMTPS() async throws {
        let (error, lines) = try await failure(scheme: "smtps")
        guard case .tls = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(!lines.contains { $0.hasPrefix("EHLO") || $0.hasPrefix("MAIL") })
    }

    @Test(
        "a refusal at any step carries the server's code and words",
        arguments: [
            ("MAIL", "451 4.3.0 later", 451), ("RCPT", "550-5.1.1 nobody\r\n550 5.1.1 here", 550), ("DATA", "554 no", 554),
            (".", "552 spam", 552),
        ])
    func refused(step: String, answer: String, code: Int) async throws {
        let (error, _) = try await failure { $0.hasPrefix(step) ? answer : SMTPPeer.polite($0) }
        #expect(error == .refused(code: code, answer.replacing("\r\n", with: " ")))
    }

    @Test("a server that greets with a refusal is told so")
    func refusedGreeting() async throws {
        let (error, _) = try await failure(greeting: "554 go away")
        #expect(error == .refused(code: 554, "554 go away"))
    }

    @Test("what a server says is cut")
    func longWords() async throws {
        let (error, _) = try await failure {
            $0.hasPrefix("RCPT")
                ? String(repeating: "550-" + String(repeating: "x", count: 200) + "\r\n", count: 100) + "550 end" : SMTPPeer.polite($0)
        }
        guard case .refused(550, let words) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(words.count == LogText.limit)
    }

    @Test(
        "a server that falls silent is given up after the time-out: at the greeting, in the middle, at the end",
        arguments: [nil, "EHLO", "RCPT", "."] as [String?])
    func silence(step: String?) async throws {
        let start = ContinuousClock.now
        let (error, _) = try await failure(greeting: step == nil ? nil : "220 peer", timeout: .seconds(1)) { line in
            step.map(line.hasPrefix) == true ? nil : SMTPPeer.polite(line)
        }
        #expect(error == .timeout)
        #expect((.milliseconds(900)..<(.seconds(5))).contains(ContinuousClock.now - start))
    }

    @Test("the time-out is for the whole, and not for each answer")
    func slow() async throws {
        let (error, lines) = try await failure(timeout: .milliseconds(1500)) { line in
            usleep(400_000)
            return SMTPPeer.polite(line)
        }
        #expect(error == .timeout)
        #expect(lines.contains { $0.hasPrefix("MAIL") })
    }

    @Test("a server that takes the message and does not answer QUIT has taken the message, and holds nobody up")
    func silentQuit() async throws {
        let start = ContinuousClock.now
        let (error, _) = try await failure(timeout: .seconds(2)) { $0 == "QUIT" ? nil : SMTPPeer.polite($0) }
        #expect(error == nil)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("nobody listening is unreachable")
    func unreachable() async throws {
        let peer = try SMTPPeer()
        peer.close()
        let mailer = try mailer(peer)
        let message = try message()
        do throws(MailError) {
            try await mailer.send(message)
            Issue.record("sent")
        } catch {
            guard case .unreachable(let text) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(text.contains("127.0.0.1"))
        }
    }

    @Test("a cancelled sender is let go soon, and the next message goes out")
    func cancelled() async throws {
        try await withPeer({ $0.contains("slow@") ? nil : SMTPPeer.polite($0) }) { peer in
            let mailer = try mailer(peer)
            let task = Task { [slow = try MailMessage(from: "w@example.com", to: "slow@example.org", subject: "s", body: "b")] in
                try await mailer.send(slow)
            }
            while !peer.lines.contains(where: { $0.contains("slow@") }) { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            let start = ContinuousClock.now
            await #expect(throws: MailError.cancelled) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(5))
            try await mailer.send(message())
        }
    }

    @Test("more messages than may wait are not taken")
    func busy() async throws {
        try await withPeer(greeting: nil) { peer in
            let mailer = try mailer(peer)
            let message = try message()
            await withTaskGroup(of: MailError?.self) { group in
                for _ in 0..<(Mailer.waitingLimit + 3) {
                    group.addTask {
                        do throws(MailError) {
                            try await mailer.send(message)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                for _ in 0..<3 { #expect(await group.next() == .some(.busy)) }
                group.cancelAll()
                for await error in group { #expect(error == .cancelled) }
            }
        }
    }
}
