import ImageModel

extension Resolution {
    /// Everything that does not go together, for a server.
    func contradictions() throws(ConfigurationError) -> [Contradiction] {
        let authentication = value(of: Settings.Accounts.authentication) ?? .none
        return try accountContradictions(authentication) + ruleContradictions(authentication) + roleContradictions(authentication)
            + tlsContradictions() + mailContradictions() + tokenContradictions() + tokenServerContradictions(authentication)
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
        case .none, .index, .tokenServer: return [.rulesUnused(authentication, rules.origins[.rules] ?? first.origin)]
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
            if ![.index, .tokenServer].contains(authentication) { found.append(.registryWithoutIndex(authentication)) }
        case .index:
            if [.none, .index, .tokenServer].contains(authentication) { found.append(.indexWithoutCallers(authentication)) }
            if !isSet(Settings.Index.registries) { found.append(.indexWithoutRegistries) }
        }
        if authentication == .index, !isSet(Settings.Index.url), !isSet(Settings.Tokens.keyFile) { found.append(.indexUnknown) }
        return try found + distributionContradictions(authentication)
    }

    /// Only what somebody has written out can be a mistake: `v2` is on by default.
    private func distributionContradictions(_ authentication: Authentication) throws(ConfigurationError) -> [Contradiction] {
        guard origin(of: Settings.Distribution.isOn) != nil, try required(Settings.Distribution.isOn) else { return [] }
        if try required(Settings.role) == .index { return [.distributionWithoutImages] }
        return authentication == .index ? [.distributionWithoutCallers] : []
    }

    private func tokenServerContradictions(_ authentication: Authentication) -> [Contradiction] {
        let keys = Settings.TokenServer.definitions.map(\.key)
        let there = settings.filter { keys.contains($0.definition.key) && $0.value != nil }.map(\.definition.key)
        guard authentication == .tokenServer else { return there.isEmpty ? [] : [.tokenServerUnused(there)] }
        return there.count == keys.count ? [] : [.tokenServerIncomplete(keys.filter { !there.contains($0) })]
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
