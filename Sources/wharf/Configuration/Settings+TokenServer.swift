extension Settings {
    /// A token server other than this one, as Docker's token specification has it.
    enum TokenServer {
        static let realm = Setting(
            "token_server.realm", .realm,
            meaning: "With `auth: token-server`: where clients get their tokens. It is what the `realm` of a challenge says.")

        static let service = Setting(
            "token_server.service", .text("NAME"),
            meaning:
                "With `auth: token-server`: what the token server calls this registry. Challenges say it (`service`), and a token has to "
                + "be for it (`aud`).")

        static let issuer = Setting(
            "token_server.issuer", .text("NAME"),
            meaning: "With `auth: token-server`: what the token server calls itself in its tokens (`iss`).")

        static let keys = Setting(
            "token_server.keys", .path("FILE"),
            meaning:
                "With `auth: token-server`: the public keys that its tokens are signed with, as a JWKS (RFC 7517) or in PEM. Only these "
                + "count, whatever key or certificate a token brings along. SIGHUP reads it again.")

        static let definitions: [SettingDefinition] = [realm.definition, service.definition, issuer.definition, keys.definition]
    }
}
