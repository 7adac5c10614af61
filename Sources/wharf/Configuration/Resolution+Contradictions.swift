import ImageModel

extension Resolution {
    /// Everything that does not go together, for a server.
    func contradictions() throws(ConfigurationError) -> [Contradiction] {
        let authentication = value(of: Settings.Accounts.authentication) ?? .none
        return try accountContradictions(authentication) + ruleContradictions(authentication) + roleContradictions(authentication)
            + tlsContradictions() + mailContradictions() + tokenContradictions()
    }

    private func accountContradictions(_ authentication: Authentication) throws(ConfigurationError) -> [Contradiction] {
        var found: [Contradiction] = []
        let listen = try required(Settings.listen)
        if !isSet(Settings.Accounts.authentication), !listen.isLoopback { found.append(.openWithoutAuthentication(listen)) }
        let hasFile = isSet(Settings.Accounts.passwordFile)
        if authentication == .passwordFile, !hasFile { found.append(.passwordFileMissing) }
        if authentication != .passwordFile, hasFile { found.append(.passwordFileUnused) }
        if authentication != .passwordFile, isSet(Settings.Accounts.administrators) { found.append(.administratorsUnused) }
        let registration = try required(Settings.Accounts.registration)
        if registration != .closed, authentication != .accounts {
            found.append(.registrationWithoutAccounts(registration, authentication))
        }
        if value(of: Settings.Accounts.activation) == .mail, !isSet(Settings.Mail.server) { found.append(.activationWithoutMail) }
        return found
    }

    private func ruleContradictions(_ authentication: Authentication) -> [Contradiction] {
        guard let first = rules.rules.first else { return [] }
        switch authentication {
        case .none, .index: return [.rulesUnused(authentication, rules.origins[.rules] ?? first.origin)]
        case .passwordFile: return []
        case .accounts:
            return rules.rules.flatMap { rule in
                rule.who.compactMap { who in
                    guard case .named(let name) = who, UserName(name) == nil else { return nil }
                    return .notAUserName(name, rule.origin)
                }
            }
        }
    }

    private func roleContradictions(_ authentication: Authentication) throws(ConfigurationError) -> [Contradiction] {
        var found: [Contradiction] = []
        switch try required(Settings.role) {
        case .all: break
        case .registry:
            if authentication != .index { found.append(.registryWithoutIndex(authentication)) }
        case .index:
            if [.none, .index].contains(authentication) { found.append(.indexWithoutCallers(authentication)) }
            if !isSet(Settings.Index.registries) { found.append(.indexWithoutRegistries) }
        }
        if authentication == .index, !isSet(Settings.Index.url), !isSet(Settings.Tokens.keyFile) { found.append(.indexUnknown) }
        return found
    }

    private func tlsContradictions() throws(ConfigurationError) -> [Contradiction] {
        var found: [Contradiction] = []
        let (hasCertificate, hasKey) = (isSet(Settings.TLS.certificate), isSet(Settings.TLS.key))
        let hasClientCA = isSet(Settings.TLS.clientCA)
        if hasCertificate, !hasKey { found.append(.tlsKeyMissing) }
        if hasKey, !hasCertificate { found.append(.tlsCertificateMissing) }
        if hasClientCA, !hasCertificate, !hasKey { found.append(.clientCAWithoutTLS) }
        if try required(Settings.TLS.clientCertificates) == .required, !hasClientCA { found.append(.clientCAMissing) }
        return found
    }

    private func mailContradictions() -> [Contradiction] {
        var found: [Contradiction] = []
        if isSet(Settings.Mail.server) {
            if !isSet(Settings.externalURL) { found.append(.mailAddressMissing) }
            if !isSet(Settings.Mail.from) { found.append(.mailSenderMissing) }
        }
        let (hasUser, hasPassword) = (isSet(Settings.Mail.user), isSet(Settings.Mail.password))
        if hasPassword, !hasUser { found.append(.mailUserMissing) }
        if hasUser, !hasPassword { found.append(.mailPasswordMissing) }
        if !isSet(Settings.Mail.server), hasUser || hasPassword || isSet(Settings.Mail.from) { found.append(.mailServerMissing) }
        return found
    }

    private func tokenContradictions() throws(ConfigurationError) -> [Contradiction] {
        let (life, total) = (try required(Settings.Tokens.life), try required(Settings.Tokens.totalLife))
        return life > total ? [.tokenLives(life, total: total)] : []
    }

    private func isSet<Value>(_ setting: Setting<Value>) -> Bool { value(of: setting) != nil }
}
