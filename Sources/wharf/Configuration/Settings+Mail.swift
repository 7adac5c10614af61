extension Settings {
    /// The mails that confirm the address of a new account.
    enum Mail {
        static let server = Setting(
            "mail.server", .mailServer,
            meaning: "Where mails are handed in. Needs `mail.from`, and `external_url` for the links in them.")

        static let startTLS = Setting(
            "mail.starttls", .bool, default: true,
            meaning: "With smtp://: whether the connection has to change to TLS before anything is sent. Only for a mail server on this "
                + "machine, or one that cannot, it may be false.")

        static let user = Setting(
            "mail.user", .text("NAME"), meaning: "The name to log in to the mail server with. When it is not set, nobody logs in.")

        static let password = Setting(
            "mail.password", .text("PASSWORD"), isSecret: true, meaning: "The password of `mail.user`.")

        static let from = Setting(
            "mail.from", .emailAddress, meaning: "The address that mails come from.")

        static let linkLife = Setting(
            "mail.link_life", .duration(.seconds(300)...(.seconds(30 * 86_400))), default: .seconds(86_400),
            meaning: "How long the link in a mail is good.")

        static let definitions: [SettingDefinition] = [
            server.definition, startTLS.definition, user.definition, password.definition, from.definition, linkLife.definition,
        ]
    }
}
