/// Settings that are fine each, and do not go together; the description says what to do.
enum Contradiction: Hashable, Sendable {
    case openWithoutAuthentication(ListenAddress)
    case passwordFileMissing, passwordFileUnused
    case administratorsUnused
    case rulesUnused(Authentication, Origin)
    case notAUserName(String, Origin)
    case rulesGone
    case registrationWithoutAccounts(Registration, Authentication)
    case activationWithoutMail
    case tlsKeyMissing, tlsCertificateMissing, clientCAWithoutTLS, clientCAMissing
    case mailAddressMissing, mailSenderMissing, mailUserMissing, mailPasswordMissing, mailServerMissing
    case registryWithoutIndex(Authentication), indexUnknown
    case indexWithoutCallers(Authentication), indexWithoutRegistries
    case distributionWithoutImages, distributionWithoutCallers
    case tokenServerIncomplete([SettingKey]), tokenServerUnused([SettingKey])
    case tokenLives(Duration, total: Duration)
}

extension Contradiction: CustomStringConvertible {
    var description: String {
        switch self {
        case .openWithoutAuthentication(let address):
            "wharf does not listen on \(address) before it is told who may use it: write `auth: accounts` (or --auth accounts, or "
                + "\(Settings.Accounts.authentication.key.variable)=accounts) and add the first administrator with `wharf user add NAME "
                + "--email ADDRESS --admin`, or `auth: none` to let everybody who reaches that address push, pull and delete, or listen on "
                + "this machine only, as with --listen 127.0.0.1:\(address.port)"
        case .passwordFileMissing:
            "`auth: password_file` needs the file: write `password_file: FILE` (or --password-file FILE)"
        case .passwordFileUnused:
            "`password_file` is only read with `auth: password_file`: write that, or take `password_file` out"
        case .administratorsUnused:
            "`administrators` only counts with `auth: password_file`: take it out; `wharf user admin NAME on` makes an account one"
        case .rulesUnused(let authentication, let origin):
            switch authentication {
            case .index:
                "`rules` (\(origin)) do not count with `auth: index`, where the index says who may do what: take them out"
            case .tokenServer:
                "`rules` (\(origin)) do not count with `auth: token-server`, where the token server says who may do what: take them out"
            case .none, .accounts, .passwordFile:
                "`rules` (\(origin)) do not count with `auth: \(authentication.rawValue)`, where everybody may do everything: take them out, "
                    + "or write `auth: accounts` or `auth: password_file`"
            }
        case .notAUserName(let name, let origin):
            "`\(name)` in `rules` (\(origin)) is no user's name, so with `auth: accounts` it never counts: a user's name has 4 to 30 small "
                + "letters, digits and underscores"
        case .rulesGone:
            "`rules` are gone, and without any, everybody whom the password file lists may do everything: if that is meant, restart the "
                + "server"
        case .registrationWithoutAccounts(let registration, let authentication):
            "`registration: \(registration.rawValue)` needs `auth: accounts`, not `\(authentication.rawValue)`: write that, or take "
                + "`registration` out"
        case .activationWithoutMail:
            "`activation: mail` needs a mail server: set `mail.server`, or write `activation: administrator` or `activation: at_once`"
        case .tlsKeyMissing:
            "`tls.certificate` needs its private key: set `tls.key`"
        case .tlsCertificateMissing:
            "`tls.key` is of no use without the certificate: set `tls.certificate`"
        case .clientCAWithoutTLS:
            "`tls.client_ca` needs TLS by the server itself: set `tls.certificate` and `tls.key`"
        case .clientCAMissing:
            "`tls.client_certificates: required` needs to know who signs them: set `tls.client_ca`"
        case .mailAddressMissing:
            "`mail.server` needs the address that links in mails begin with: set `external_url`"
        case .mailSenderMissing:
            "`mail.server` needs the address that mails come from: set `mail.from`"
        case .mailServerMissing:
            "`mail.user`, `mail.password` and `mail.from` are of no use without a mail server: set `mail.server`"
        case .mailUserMissing:
            "`mail.password` is of no use without the name to log in with: set `mail.user`"
        case .mailPasswordMissing:
            "`mail.user` needs its password: set `mail.password` (or \(Settings.Mail.password.key.variable))"
        case .registryWithoutIndex(let authentication):
            "`role: registry` knows no callers itself, so `auth` has to be `index` or `token-server`, not "
                + "`\(authentication.rawValue)`"
        case .indexUnknown:
            "`auth: index` needs to check the index's tokens: set `tokens.key_file` to the key that the index signs with, or `index.url` to "
                + "ask the index about each token"
        case .indexWithoutCallers(let authentication):
            "`role: index` gives tokens to callers that it knows, so `auth` has to be `accounts` or `password_file`, not "
                + "`\(authentication.rawValue)`"
        case .indexWithoutRegistries:
            "`role: index` keeps no images and has to name the registries that do: set `index.registries`, for example to "
                + "`*=registry.example.com:5000`"
        case .distributionWithoutImages:
            "`role: index` keeps no images, so there is nothing to serve below /v2/: take `v2: true` out"
        case .distributionWithoutCallers:
            "`v2: true` needs callers that an index cannot name, as its tokens are v1's: take it out, or write `auth: token-server`"
        case .tokenServerIncomplete(let missing):
            "`auth: token-server` has to know the token server: set \(Self.list(missing))"
        case .tokenServerUnused(let keys):
            "\(Self.list(keys)) \(keys.count == 1 ? "counts" : "count") only with `auth: token-server`: write that, or take "
                + "\(keys.count == 1 ? "it" : "them") out"
        case .tokenLives(let life, let total):
            "`tokens.life` (\(TimeSpan.format(life))) is longer than `tokens.total_life` (\(TimeSpan.format(total))): raise the latter"
        }
    }

    private static func list(_ keys: [SettingKey]) -> String {
        let names = keys.map { "`\($0)`" }
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}
