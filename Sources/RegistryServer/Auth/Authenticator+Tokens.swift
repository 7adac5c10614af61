import AccessTokens
import ImageModel
import ImageRegistry
import RegistryClient
import RegistryWire

/// Callers who show a token: it says who has got it and what it is for, and is good only as long as the credential is for which it was
/// given.
extension Authenticator {
    /// - Throws: ``AccessRefusal``.
    func holder(
        of token: RepositoryToken, by means: AuthenticatedCaller.Means, authorization: String?
    ) async throws -> AuthenticatedCaller {
        switch access.authority {
        case .asking(let client): return try await holder(of: token, by: means, asking: client, authorization)
        case .tokenServer: throw AccessRefusal.credentialsWrong
        case .none, .accounts, .passwordFile, .index: break
        }
        guard let content = seal.open(token) else { throw AccessRefusal.credentialsWrong }
        let validUntil = try await checkLife(of: content)
        let cap = Caller.Cap(access: token.access.cap, repositories: [RepositoryPattern(token.repository)])
        let holder = try await holder(of: content.binding)
        return AuthenticatedCaller(
            Caller(holder.identity, key: holder.key.map(Caller.Cap.init), token: [cap]), by: means, binding: content.binding, token: token,
            validUntil: min(validUntil, holder.key?.expiresAt ?? .max))
    }

    /// The holder of an access token.
    ///
    /// - Throws: ``AccessRefusal``.
    func holder(ofBearer text: String) async throws -> AuthenticatedCaller {
        let content = try await tokens.content(of: text)
        let claims = content.claims
        if tokens.areOutside {
            return AuthenticatedCaller(
                .holder(claims.subject), binding: .nobody, scopes: content.scopes, validUntil: claims.expiresAt)
        }
        let binding = TokenBinding(
            name: claims.subject, key: claims.binding?.key, stamp: claims.binding?.stamp ?? TokenBinding.nobody.stamp)
        let holder = try await holder(of: binding)
        return AuthenticatedCaller(
            holder.identity, key: holder.key.map(Caller.Cap.init), binding: binding, scopes: content.scopes,
            validUntil: min(claims.expiresAt, holder.key?.expiresAt ?? .max))
    }

    /// Whom a refresh token was given: the same caller as by the credential that it was given for.
    ///
    /// - Throws: ``AccessRefusal``.
    func holder(ofRefreshToken text: String) async throws -> AuthenticatedCaller {
        let time = registry.now()
        guard let content = refreshSeal.open(text), time < content.issuedAt + access.accessTokens.refreshLife,
            content.issuedAt <= time + Self.clockSkew, !content.binding.name.isEmpty
        else { throw AccessRefusal.credentialsWrong }
        let holder = try await holder(of: content.binding)
        return AuthenticatedCaller(
            Caller(holder.identity, key: holder.key.map(Caller.Cap.init)), by: holder.key.map { .key($0.name) } ?? .password,
            binding: content.binding, validUntil: holder.key?.expiresAt)
    }

    /// Who it is, and the key that the token stands on: as they are stored now.
    private func holder(of binding: TokenBinding) async throws -> (identity: Caller.Identity, key: APIKey?) {
        if case .index = access.authority { return (.holder(binding.name), nil) }
        if binding.name.isEmpty { return (.anonymous, nil) }
        guard let known = try await stored(binding.name) else { throw AccessRefusal.credentialsWrong }
        guard known.state == .active else { throw AccessRefusal.accountInactive }
        guard let keyID = binding.key else {
            guard stamp(known) == binding.stamp else { throw AccessRefusal.credentialsWrong }
            return (known.identity, nil)
        }
        guard let id = known.id, let key = try await registry.key(keyID, of: id), seal.stamp(key.digest) == binding.stamp,
            !key.key.isExpired(at: registry.now())
        else { throw AccessRefusal.credentialsWrong }
        return (known.identity, key.key)
    }

    private func holder(
        of token: RepositoryToken, by means: AuthenticatedCaller.Means, asking client: IndexClient, _ authorization: String?
    ) async throws -> AuthenticatedCaller {
        switch await client.check(authorization: authorization ?? token.text, repository: token.repository, access: token.access) {
        case .allowed(let ids):
            let cap = Caller.Cap(access: token.access.cap, repositories: [RepositoryPattern(token.repository)])
            return AuthenticatedCaller(
                Caller(.holder(""), token: [cap]), by: means, token: token, declaredImages: ids.map { Set($0.map(\.text)) })
        case .refused(.unauthorized): throw AccessRefusal.credentialsWrong
        case .refused(.forbidden): throw AccessRefusal.permissionDenied
        case .refused(.unknown): throw RegistryError.repositoryUnknown
        case .unreachable(let reason): throw AccessRefusal.indexUnreachable(reason)
        }
    }

    /// Seconds since 1970 until which the token is good even if it is not used again.
    private func checkLife(of content: TokenSeal.Content) async throws -> Int64 {
        let time = registry.now()
        let end = content.issuedAt + access.tokenTotalLife
        guard time < end, content.issuedAt <= time + Self.clockSkew else { throw AccessRefusal.credentialsWrong }
        let renewal = access.tokenLife / 4
        guard time - content.issuedAt > renewal else { return min(end, content.issuedAt + access.tokenLife) }
        let lastUse = max(content.issuedAt, try await registry.lastUse(of: content.identifier) ?? 0)
        guard time < lastUse + access.tokenLife else { throw AccessRefusal.credentialsWrong }
        if time - lastUse > renewal { try await registry.recordUse(of: content.identifier, expiresAt: end) }
        return min(end, time + renewal)
    }

    /// Seconds by which the clocks of an index and its registry may differ.
    private static let clockSkew: Int64 = 300
}
