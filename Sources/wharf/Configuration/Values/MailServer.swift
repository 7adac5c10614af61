import Mail

/// Within ``Configuration``, `Mail` is a part of it.
typealias MailServerAddress = MailServer.Address

extension ValueKind<MailServerAddress> {
    static let mailServer = ValueKind(
        placeholder: "URL",
        accepted: "smtp:// or smtps://, a host and a port, such as smtp://mail.example.com:587 or smtps://mail.example.com:465",
        parse: { MailServerAddress($0) }, format: { "\($0)" })
}
