extension Settings {
    /// The tokens that an index gives out and a registry takes (v1.md §3.3), and those of v2.
    enum Tokens {
        static let life = Setting(
            "tokens.life", .duration(.seconds(60)...(.seconds(7 * 86_400))), default: .seconds(4 * 3600),
            meaning:
                "How long a token of v1 is good after it was last used. A push uses its token with every layer and cannot get another, "
                + "so this is the longest that a single layer may take.")

        static let totalLife = Setting(
            "tokens.total_life", .duration(.seconds(60)...(.seconds(30 * 86_400))), default: .seconds(86_400),
            meaning: "How long a token of v1 is good however much it is used: the longest push. At least `tokens.life`.")

        static let keyFile = Setting(
            "tokens.key_file", .path("FILE"),
            meaning: "A file of at least 32 random bytes that sign v1's tokens, as `head -c 32 /dev/urandom` makes them. An index and its "
                + "registries share it, so that a registry can check a token alone. When it is not set, a key is made and kept in the "
                + "catalog. Whoever has it can make tokens.")

        static let accessLife = Setting(
            "tokens.access_life", .duration(.seconds(60)...(.seconds(86_400))), default: .seconds(300),
            meaning: "How long a token of v2 is good. Clients get another by themselves, with the password or the refresh token. A "
                + "request that has begun goes on when its token ends.")

        static let refreshLife = Setting(
            "tokens.refresh_life", .duration(.seconds(3600)...(.seconds(3650 * 86_400))), default: .seconds(90 * 86_400),
            meaning:
                "How long a refresh token of v2 is good, which engines keep in place of a password. It is worth nothing any more when the "
                + "password is changed, or the account or key is gone.")

        static let keyLife = Setting(
            "tokens.key_life", .duration(.seconds(86_400)...(.seconds(3650 * 86_400))), default: .seconds(90 * 86_400),
            meaning: "How long a key signs v2's tokens before the server makes a new one. The keys are in the catalog; "
                + "`wharf token rotate-key` makes a new one at once.")

        static let definitions: [SettingDefinition] = [
            life.definition, totalLife.definition, keyFile.definition, accessLife.definition, refreshLife.definition, keyLife.definition,
        ]
    }

    /// What an index and its registries know of each other.
    enum Index {
        static let url = Setting(
            "index.url", .serviceURL,
            meaning:
                "With `auth: index` and without `tokens.key_file`: the index that is asked about each token, as registries have always "
                + "done it.")

        static let timeout = Setting(
            "index.timeout", .duration(.milliseconds(100)...(.seconds(300))), default: .seconds(10),
            meaning: "How long the index at `index.url` may take to answer before the request is answered with an error.")

        static let registries = Setting(
            "index.registries", .registryEndpoints,
            meaning: "Which registry holds the images of which namespace, as engines are told in `X-Docker-Endpoints`: one for each "
                + "namespace, because engines push to all that they are told. `library` is the namespace of names without a slash. When "
                + "it is not set, this server is the registry, which `role: index` is not.")

        static let definitions: [SettingDefinition] = [url.definition, timeout.definition, registries.definition]
    }
}
