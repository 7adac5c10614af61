import Testing

@testable import Credentials

@Suite struct PasswordFileTests {
    private static let hash = "$2y$04$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm"
    private static let costlier = "$2b$06$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm"

    private func refusal(_ text: String) -> String? { refusal(Array(text.utf8)) }

    private func refusal(_ bytes: [UInt8]) -> String? {
        do throws(PasswordFile.Refusal) {
            _ = try PasswordFile(bytes)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("users, comments, blank lines and both ends of lines are read")
    func whole() throws {
        let text = "# staff\n\nalice:\(Self.hash)\r\n \t\nBob.2@example-x_y:\(Self.costlier)"
        let file = try PasswordFile(Array(text.utf8))
        #expect(file.names == ["Bob.2@example-x_y", "alice"])
        #expect(file["alice"]?.text == Self.hash)
        #expect(file["alice"]?.matches("s3cret!") == true)
        #expect(file["Alice"] == nil)
        #expect(file["# staff"] == nil)
        #expect(file.decoy().cost == 6)
    }

    @Test("a file without users lets nobody in")
    func empty() throws {
        #expect(try PasswordFile([]).names == [])
        #expect(try PasswordFile([]).decoy().cost == 10)
    }

    @Test(
        "a password that is not bcrypt is refused with its line, what it is, and what to do",
        arguments: [
            ("{SHA}EfatjsUqKYSrqv18O1FlA3hcIHI=", "an unsalted SHA-1 hash ({SHA})"),
            ("$apr1$lf7wpc76$GEdg9jeLyf/ZjefD79Njm0", "an MD5 hash of Apache's kind ($apr1$)"),
            ("$1$lf7wpc76$GEdg9jeLyf/ZjefD79Njm0", "an MD5 hash of crypt ($1$)"),
            ("$5$xndNQKnCtxfRQC1c$.r6f80EBjmfRA1CB9G/ObzVmzgOOS66cKV5s9.AxrN9", "a SHA-256 hash of crypt ($5$)"),
            ("$6$LwI4o1nc2lN9ej2O$kKyd44doWaOhJ8rbax", "a SHA-512 hash of crypt ($6$)"),
            ("$y$j9T$abc$def", "a hash of another kind"),
            ("kONEH6WiWg5KI", "plain text, or a DES hash of crypt"),
            ("xyz", "plain text, or a DES hash of crypt"),
            ("", "missing"),
            (
                "$2x$04$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm",
                "no whole bcrypt hash, or none that begins with $2a$, $2b$ or $2y$"
            ),
            ("$2y$04$abcdefghijklmnopqrstuuh4cO4ROu", "no whole bcrypt hash, or none that begins with $2a$, $2b$ or $2y$"),
            (
                "$2y$04$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm:more",
                "no whole bcrypt hash, or none that begins with $2a$, $2b$ or $2y$"
            ),
        ])
    func otherKinds(stored: String, kind: String) {
        #expect(
            refusal("# one\nalice:\(Self.hash)\nbob:\(stored)\n")
                == "line 3: the password of bob is \(kind); only bcrypt is taken: set it anew with `htpasswd -B FILE bob`")
    }

    @Test("a cost that nobody can wait for is refused")
    func cost() {
        #expect(
            refusal("bob:$2y$18$abcdefghijklmnopqrstuuh4cO4ROu.nJXUIr7hh2pSZ4sXan9mjm")
                == "line 1: the bcrypt hash of bob has cost 18; 4 to 17 are taken: set it anew with `htpasswd -B -C 10 FILE bob`")
    }

    @Test(
        "a name that could be mistaken is refused",
        arguments: ["", "a b", "al\u{e9}", "a/b", " alice", "alice ", "\u{feff}alice", "a\u{0}", String(repeating: "a", count: 256)])
    func badName(name: String) {
        #expect(refusal("\(name):\(Self.hash)") == "line 1: a name is 1 to 255 of the characters A-Z a-z 0-9 . _ @ -")
    }

    @Test("a second line for a name, a line without a colon, and bytes that are no text are refused")
    func otherRefusals() {
        #expect(refusal("alice:\(Self.hash)\nbob:\(Self.hash)\nalice:\(Self.costlier)") == "line 3: alice is named a second time")
        #expect(refusal("alice:\(Self.hash)\nsecret") == "line 2: no colon between a name and a hash")
        #expect(refusal(Array("# x\nal".utf8) + [0xff, 0x3a]) == "line 2: not UTF-8")
    }

    @Test("a file of more than 1 MiB is refused")
    func tooLarge() throws {
        let line = "#" + String(repeating: "x", count: 1022) + "\n"
        #expect(refusal(String(repeating: line, count: 1024)) == nil)
        #expect(refusal(String(repeating: line, count: 1024) + "#") == "the file is larger than 1 MiB")
    }
}
