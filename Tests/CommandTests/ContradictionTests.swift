import Testing

@testable import wharf

@Suite("Settings that do not go together")
struct ContradictionTests {
    private static let certificate = ["--tls-certificate", "/c", "--tls-key", "/k"]

    @Test("a password file is named if and only if it counts")
    func passwordFile() {
        #expect(
            problems(flags: ["--auth", "password_file"])
                == ["`auth: password_file` needs the file: write `password_file: FILE` (or --password-file FILE)"])
        for flags in [[], ["--auth", "accounts"], ["--auth", "none"]] {
            #expect(
                problems(flags: flags + ["--password-file", "/p"])
                    == ["`password_file` is only read with `auth: password_file`: write that, or take `password_file` out"])
        }
        #expect(problems(flags: ["--auth", "password_file", "--password-file", "/p", "--administrators", "alice"]) == [])
        #expect(
            problems(flags: ["--auth", "accounts", "--administrators", "alice"]) == [
                "`administrators` only counts with `auth: password_file`: take it out; `wharf user admin NAME on` makes an account one"
            ])
    }

    @Test("a certificate has its key, and client certificates their signer")
    func tls() {
        #expect(problems(flags: ["--tls-certificate", "/c"]) == ["`tls.certificate` needs its private key: set `tls.key`"])
        #expect(problems(flags: ["--tls-key", "/k"]) == ["`tls.key` is of no use without the certificate: set `tls.certificate`"])
        #expect(
            problems(flags: ["--tls-client-ca", "/ca"])
                == ["`tls.client_ca` needs TLS by the server itself: set `tls.certificate` and `tls.key`"])
        #expect(
            problems(flags: Self.certificate + ["--tls-client-certificates", "required"])
                == ["`tls.client_certificates: required` needs to know who signs them: set `tls.client_ca`"])
        #expect(problems(flags: Self.certificate) == [])
        #expect(problems(flags: Self.certificate + ["--tls-client-ca", "/ca", "--tls-client-certificates", "required"]) == [])
    }

    @Test("mails have an address, a sender, and a login of two halves")
    func mail() {
        #expect(
            problems(flags: ["--mail-server", "smtp://localhost:25"]) == [
                "`mail.server` needs the address that links in mails begin with: set `external_url`",
                "`mail.server` needs the address that mails come from: set `mail.from`",
            ])
        let whole = ["--mail-server", "smtp://localhost:25", "--mail-from", "a@b.c", "--external-url", "https://hub"]
        #expect(problems(flags: whole) == [])
        #expect(
            problems(flags: whole + ["--mail-password", "hunter2"])
                == ["`mail.password` is of no use without the name to log in with: set `mail.user`"])
        #expect(
            problems(flags: whole + ["--mail-user", "wharf"])
                == ["`mail.user` needs its password: set `mail.password` (or WHARF_MAIL_PASSWORD)"])
        #expect(problems(flags: whole + ["--mail-user", "wharf"], environment: ["WHARF_MAIL_PASSWORD": "hunter2"]) == [])
        #expect(
            problems(flags: ["--activation", "mail"]) == [
                "`activation: mail` needs a mail server: set `mail.server`, or write `activation: administrator` or `activation: at_once`"
            ])
        #expect(problems(flags: whole + ["--activation", "mail"]) == [])
    }

    @Test("accounts are made by their owners only where there are accounts")
    func registration() {
        for (flags, name) in [([], "none"), (["--auth", "none"], "none"), (["--auth", "index", "--tokens-key-file", "/t"], "index")] {
            for registration in ["open", "invitation"] {
                #expect(
                    problems(flags: flags + ["--registration", registration])
                        == ["`registration: \(registration)` needs `auth: accounts`, not `\(name)`: write that, or take `registration` out"]
                )
            }
            #expect(problems(flags: flags + ["--registration", "closed"]) == [])
        }
        #expect(problems(flags: ["--auth", "accounts", "--registration", "open"]) == [])
    }

    @Test("each role has callers as it needs them")
    func roles() {
        for (flags, name) in [([], "none"), (["--auth", "none"], "none"), (["--auth", "accounts"], "accounts")] {
            #expect(
                problems(flags: flags + ["--role", "registry"])
                    == ["`role: registry` knows no callers itself, so `auth` has to be `index` or `token-server`, not `\(name)`"])
        }
        let unknown =
            "`auth: index` needs to check the index's tokens: set `tokens.key_file` to the key that the index signs with, or `index.url` to "
            + "ask the index about each token"
        for role in ["registry", "all"] {
            let flags = ["--role", role, "--auth", "index"]
            #expect(problems(flags: flags) == [unknown])
            #expect(problems(flags: flags + ["--tokens-key-file", "/t"]) == [])
            #expect(problems(flags: flags + ["--index-url", "https://index"]) == [])
        }
        let registries = ["--index-registries", "*=a:5000"]
        for (flags, name) in [([], "none"), (["--auth", "none"], "none"), (["--auth", "index", "--tokens-key-file", "/t"], "index")] {
            #expect(
                problems(flags: flags + registries + ["--role", "index"]) == [
                    "`role: index` gives tokens to callers that it knows, so `auth` has to be `accounts` or `password_file`, not `\(name)`"
                ])
        }
        #expect(
            problems(flags: ["--role", "index", "--auth", "accounts"]) == [
                "`role: index` keeps no images and has to name the registries that do: set `index.registries`, for example to "
                    + "`*=registry.example.com:5000`"
            ])
        #expect(problems(flags: ["--role", "index", "--auth", "accounts"] + registries) == [])
    }

    @Test("a token does not outlive its total life")
    func tokens() {
        #expect(
            problems(flags: ["--tokens-life", "2h", "--tokens-total-life", "1h"])
                == ["`tokens.life` (2h) is longer than `tokens.total_life` (1h): raise the latter"])
        #expect(problems(flags: ["--tokens-life", "2h", "--tokens-total-life", "2h"]) == [])
    }

    @Test("rules stand where they count")
    func rules() {
        let rules = "rules:\n- {repositories: ['*'], who: [users, ci, alice], actions: [pull]}"
        #expect(
            problems(file: rules) == [
                "`rules` (FILE line 1) do not count with `auth: none`, where everybody may do everything: take them out, or write "
                    + "`auth: accounts` or `auth: password_file`"
            ])
        #expect(
            problems(flags: ["--auth", "index", "--tokens-key-file", "/t"], file: rules) == [
                "`rules` (FILE line 1) do not count with `auth: index`, where the index says who may do what: take them out"
            ])
        #expect(
            problems(flags: ["--auth", "accounts"], file: rules) == [
                "`ci` in `rules` (FILE line 2) is no user's name, so with `auth: accounts` it never counts: a user's name has 4 to 30 small "
                    + "letters, digits and underscores"
            ])
        #expect(problems(flags: ["--auth", "password_file", "--password-file", "/p"], file: rules) == [])
    }

    private static let tokenServer = [
        "--token-server-realm", "https://auth.example.com/token", "--token-server-service", "hub", "--token-server-issuer", "auth",
        "--token-server-keys", "/k",
    ]

    @Test("a token server is told of as a whole, where it counts")
    func tokenServer() {
        #expect(problems(flags: ["--auth", "token-server"] + Self.tokenServer) == [])
        #expect(problems(flags: ["--auth", "token-server", "--role", "registry"] + Self.tokenServer) == [])
        #expect(
            problems(flags: ["--auth", "token-server"]) == [
                "`auth: token-server` has to know the token server: set `token_server.realm`, `token_server.service`, "
                    + "`token_server.issuer` and `token_server.keys`"
            ])
        #expect(
            problems(flags: ["--auth", "token-server"] + Self.tokenServer.dropLast(2))
                == ["`auth: token-server` has to know the token server: set `token_server.keys`"])
        for flags in [[], ["--auth", "accounts"], ["--auth", "index", "--tokens-key-file", "/t"]] {
            #expect(
                problems(flags: flags + Self.tokenServer.prefix(2))
                    == ["`token_server.realm` counts only with `auth: token-server`: write that, or take it out"])
            #expect(
                problems(flags: flags + Self.tokenServer.prefix(4)) == [
                    "`token_server.realm` and `token_server.service` count only with `auth: token-server`: write that, or take them out"
                ])
        }
    }

    @Test("whoever knows its callers by a token server has neither rules nor registration, and is no index")
    func callersOfTokenServer() {
        let flags = ["--auth", "token-server"] + Self.tokenServer
        #expect(
            problems(flags: flags, file: "rules:\n- {repositories: ['*'], who: [users], actions: [pull]}") == [
                "`rules` (FILE line 1) do not count with `auth: token-server`, where the token server says who may do what: take them out"
            ])
        #expect(
            problems(flags: flags + ["--registration", "open"])
                == ["`registration: open` needs `auth: accounts`, not `token-server`: write that, or take `registration` out"])
        #expect(
            problems(flags: flags + ["--role", "index", "--index-registries", "*=a"]) == [
                "`role: index` gives tokens to callers that it knows, so `auth` has to be `accounts` or `password_file`, not `token-server`"
            ])
    }

    @Test("v2 is not asked for where nobody could use it")
    func distribution() throws {
        let index = ["--role", "index", "--auth", "accounts", "--index-registries", "*=a"]
        let registry = ["--role", "registry", "--auth", "index", "--tokens-key-file", "/t"]
        let all = ["--auth", "index", "--tokens-key-file", "/t"]
        #expect(
            problems(flags: index + ["--v2", "true"])
                == ["`role: index` keeps no images, so there is nothing to serve below /v2/: take `v2: true` out"])
        for flags in [registry, all] {
            #expect(
                problems(flags: flags + ["--v2", "true"]) == [
                    "`v2: true` needs callers that an index cannot name, as its tokens are v1's: take it out, or write `auth: token-server`"
                ])
        }
        func isOn(_ flags: [String]) throws -> Bool {
            try Configuration(Resolution.load(arguments: flags, environment: [:])).distribution.isOn
        }
        for flags in [index, registry, all] {
            #expect(try !isOn(flags))
            #expect(try !isOn(flags + ["--v2", "false"]))
        }
        let tokenServer = ["--auth", "token-server"] + Self.tokenServer
        for flags in [[], ["--auth", "accounts"], tokenServer, tokenServer + ["--role", "registry"]] {
            #expect(try isOn(flags + ["--v2", "true"]))
            #expect(try isOn(flags))
            #expect(try !isOn(flags + ["--v2", "false"]))
        }
    }

    @Test("all of it is told at once")
    func together() {
        let found = problems(flags: [
            "--listen", "0.0.0.0:5000", "--password-file", "/p", "--registration", "open", "--role", "registry", "--tls-key", "/k",
            "--mail-server", "smtp://a:25", "--tokens-life", "2h", "--tokens-total-life", "1h",
        ])
        #expect(found.count == 8)
        #expect(found.first?.hasPrefix("wharf does not listen on 0.0.0.0:5000 before") == true)
    }

    @Test("what is allowed and most likely not meant is warned of")
    func warnings() throws {
        func warnings(_ flags: [String]) throws -> [String] {
            try Configuration(Resolution.load(arguments: flags, environment: [:])).warnings
        }
        let open = ["--listen", "0.0.0.0:5000", "--auth", "accounts"]
        let nobody =
            "nobody can log in with a password from another machine, as it would cross the network in clear: set `tls.certificate` and "
            + "`tls.key`, or name the TLS proxy in `trusted_proxies`, or write `cleartext_credentials: true`"
        #expect(try warnings(open) == [nobody])
        #expect(try warnings(["--listen", "0.0.0.0:5000", "--auth", "password_file", "--password-file", "/p"]) == [nobody])
        #expect(try warnings(["--auth", "accounts"]) == [])
        #expect(try warnings(["--listen", "0.0.0.0:5000", "--auth", "none"]) == [])
        #expect(try warnings(open + Self.certificate) == [])
        #expect(try warnings(open + ["--trusted-proxies", "10.0.0.1"]) == [])
        #expect(try warnings(open + ["--cleartext-credentials", "true"]) == [])
        for all in ["0.0.0.0/0", "::/0"] {
            #expect(
                try warnings(["--trusted-proxies", "10.0.0.1,\(all)"]) == [
                    "`trusted_proxies` trusts every address, so everybody can pretend to be any client: name the proxies only"
                ])
        }
        for (realm, count) in [("http://auth/token", 1), ("https://auth/token", 0), ("http://127.0.0.1:5001/token", 0)] {
            let flags = ["--auth", "token-server", "--token-server-realm", realm] + Self.tokenServer.dropFirst(2)
            let sentence =
                "passwords cross the network in clear on their way to the token server: `token_server.realm` is no https://"
            #expect(try warnings(flags) == Array(repeating: sentence, count: count))
        }
        let mail = [
            "--external-url", "https://hub", "--mail-from", "a@b.c", "--mail-user", "u", "--mail-password", "p", "--mail-starttls", "false",
        ]
        #expect(
            try warnings(mail + ["--mail-server", "smtp://mail:25"])
                == ["the mail server's password crosses the network in clear: use smtps://, or take `mail.starttls: false` out"])
        #expect(try warnings(mail + ["--mail-server", "smtps://mail:465"]) == [])
        #expect(try warnings(mail + ["--mail-server", "smtp://127.0.0.1:25"]) == [])
    }
}
