import AccessTokens
import Credentials
import Foundation
import ImageModel
import ImageRegistry
import Mail
import RegistryClient
import RegistryServer
import RegistryWire

extension Configuration {
    /// The index that is asked about tokens; nil where none is, or where a shared key tells.
    var indexClient: IndexClient? {
        guard accounts.authentication == .index, tokens.keyFile == nil, let url = index.url else { return nil }
        return IndexClient(url: url, timeout: index.timeout)
    }

    /// The key of the file that was named, or else the catalog's own.
    ///
    /// - Throws: ``StartRefusal/tokenKey(_:)``.
    func tokenKey(orElse registry: Registry) async throws -> [UInt8] {
        guard let path = tokens.keyFile else { return try await registry.secret("token key") }
        guard let key = FileManager.default.contents(atPath: path), (Signer.keyMinimum...4096).contains(key.count) else {
            throw StartRefusal.tokenKey(path)
        }
        return [UInt8](key)
    }
}

extension AccessConfiguration {
    init(_ configuration: Configuration, reloadable: Reloadable, index: IndexClient?, tokenKey: [UInt8]) {
        let limits = configuration.limits
        self.init(
            authority: Authority(configuration, reloadable: reloadable, index: index), role: Role(configuration.role), tokenKey: tokenKey,
            tokenLife: configuration.tokens.life.components.seconds, tokenTotalLife: configuration.tokens.totalLife.components.seconds,
            allowedAddresses: configuration.network.allowFrom ?? [], trustedProxies: configuration.network.trustedProxies,
            takesCleartextCredentials: configuration.network.allowsCleartextCredentials,
            checker: PasswordChecker(derivations: limits.passwordDerivations),
            throttle: LoginThrottle(freeFailures: limits.loginFailures, maximumDelay: .seconds(10)),
            registration: RegistryServer.Registration(configuration), accessTokens: AccessTokenConfiguration(configuration))
    }
}

extension AccessConfiguration.Authority {
    fileprivate init(_ configuration: Configuration, reloadable: Reloadable, index: IndexClient?) {
        switch configuration.accounts.authentication {
        case .none: self = .none
        case .accounts: self = .accounts
        case .passwordFile:
            self = .passwordFile({ reloadable.passwords }, administrators: Set(configuration.accounts.administrators))
        case .index: self = index.map(Self.asking) ?? .index
        case .tokenServer:
            // Both are there, or the configuration would have been refused; without them, nobody is let in.
            guard let server = configuration.tokenServer, let keys = reloadable.keys else {
                self = .index
                return
            }
            self = .tokenServer(
                OutsideTokenServer(realm: "\(server.realm)", service: server.service, issuer: server.issuer) { reloadable.keys ?? keys })
        }
    }
}

extension AccessTokenConfiguration {
    fileprivate init(_ configuration: Configuration) {
        let tokens = configuration.tokens
        self.init(
            service: configuration.externalURL?.authority.text ?? "wharf", accessLife: tokens.accessLife.components.seconds,
            refreshLife: tokens.refreshLife.components.seconds, keyLife: tokens.keyLife.components.seconds)
    }
}

extension AccessConfiguration.Role {
    fileprivate init(_ role: Role) {
        switch role {
        case .all: self = .all
        case .index: self = .index
        case .registry: self = .registry
        }
    }
}

extension RegistryServer.Registration {
    fileprivate init(_ configuration: Configuration) {
        let admission: Admission =
            switch configuration.accounts.registration {
            case .open: .open
            case .invitation: .invitation
            case .closed: .closed
            }
        self.init(admission: admission, activation: Activation(configuration))
    }
}

extension RegistryServer.Registration.Activation {
    fileprivate init(_ configuration: Configuration) {
        switch configuration.accounts.activation {
        case .atOnce: self = .atOnce
        case .administrator: self = .administrator
        case .mail:
            // Both are there, or the configuration would have been refused.
            guard let mail = configuration.mail, let url = configuration.externalURL else {
                self = .administrator
                return
            }
            let mailer = Mailer(MailServer(mail))
            self = .mail(
                { try await mailer.send(try MailMessage($0, from: "\(mail.from)", registry: "\(url)")) },
                linkLife: mail.linkLife.components.seconds, externalURL: "\(url)")
        }
    }
}

extension MailServer {
    fileprivate init(_ mail: Configuration.Mail) {
        self.init(
            mail.server, login: mail.login.flatMap { Login(user: $0.user, password: $0.password) }, requiresTLS: mail.requiresStartTLS)
    }
}

extension MailMessage {
    fileprivate init(_ mail: ConfirmationMail, from: String, registry: String) throws {
        try self.init(
            from: from, to: mail.to.text, subject: "Confirm your address at \(registry)",
            body: """
                Somebody, most likely you, has registered this address for the user \(mail.user) at \(registry).

                To confirm it, open this page and press the button:

                \(mail.link)

                The link is good for \(Duration.seconds(mail.linkLife).formatted(.units(allowed: [.days, .hours, .minutes], width: .wide))). \
                If it was not you, there is nothing to do.
                """)
    }
}

/// Why the server does not start although its settings are in order.
enum StartRefusal: Error, CustomStringConvertible {
    case tokenKey(String)
    case passwordFile(String, String)
    case tokenServerKeys(String, String)

    var description: String {
        switch self {
        case .tokenKey(let path):
            "tokens.key_file \(path): it has to be there, readable, and 32 to 4096 bytes long (head -c 32 /dev/urandom > \(path))"
        case .passwordFile(let path, let reason): "password_file \(path): \(reason)"
        case .tokenServerKeys(let path, let reason): "token_server.keys \(path): \(reason)"
        }
    }
}
