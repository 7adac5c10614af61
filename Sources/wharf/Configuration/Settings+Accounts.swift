extension Settings {
    /// Who may use the server, and who says so.
    enum Accounts {
        static let authentication = Setting<Authentication>(
            "auth", .choice("HOW"),
            meaning: "How callers show who they are. `none`: not at all, so whoever reaches the server may push, pull and delete. "
                + "`accounts`: with the accounts that `wharf user add` makes. `password_file`: with the names and passwords of a file. "
                + "`index`: with tokens of an index, which alone knows who may do what. `token-server`: with tokens of a token server "
                + "elsewhere, which alone knows (`token_server.…`). When it is not set, the server only listens on loopback, and works as "
                + "with `none`.")

        static let passwordFile = Setting(
            "password_file", .path("FILE"),
            meaning:
                "With `auth: password_file`: the names and passwords, as `htpasswd -B` writes them (bcrypt only). Everybody listed may "
                + "do everything; with `rules`, what these grant. SIGHUP reads it again.")

        static let administrators = Setting(
            "administrators", .callerNames,
            meaning: "With `auth: password_file`: who may do everything whatever `rules` say. (Of accounts, `wharf user admin` says it.)")

        static let anonymousPull = Setting(
            "anonymous_pull", .bool, default: true,
            meaning: "Whether public repositories may be pulled and searched without credentials.")

        static let newRepositories = Setting<Visibility>(
            "new_repositories", .choice("WHAT"),
            meaning: "Who may pull a repository that a push has made. `private`: only those with rights to it. `public`: everybody who is "
                + "logged in, and, with `anonymous_pull`, everybody. When it is not set: `private`; with `auth: none`, `public`.")

        static let registration = Setting<Registration>(
            "registration", .choice("WHO"), default: .closed,
            meaning: "Who may make an account with `docker login` or over the API. `closed`: nobody; `wharf user add` makes accounts. "
                + "`invitation`: whoever has the code that `wharf user invite` prints. `open`: everybody. Needs `auth: accounts`.")

        static let activation = Setting<Activation>(
            "activation", .choice("HOW"),
            meaning: "When an account that somebody has made for themselves may be used. `at_once`; `administrator`: after "
                + "`wharf user enable`; `mail`: once the link in a mail to its address was followed. When it is not set: `mail` if "
                + "`mail.server` is set, else `at_once`.")

        static let definitions: [SettingDefinition] = [
            authentication.definition, passwordFile.definition, administrators.definition, anonymousPull.definition,
            newRepositories.definition, registration.definition, activation.definition,
        ]
    }
}
