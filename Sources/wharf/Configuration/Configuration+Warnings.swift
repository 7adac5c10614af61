import Mail
import RegistryClient
import RegistryWire

extension Configuration {
    /// What is allowed, and most likely not meant; a sentence each, for the log of the server that starts.
    var warnings: [String] {
        var warnings: [String] = []
        if [.accounts, .passwordFile].contains(accounts.authentication), !listen.isLoopback, tls == nil, network.trustedProxies.isEmpty,
            !network.allowsCleartextCredentials
        {
            warnings.append(
                "nobody can log in with a password from another machine, as it would cross the network in clear: set `tls.certificate` and "
                    + "`tls.key`, or name the TLS proxy in `trusted_proxies`, or write `cleartext_credentials: true`")
        }
        if network.trustedProxies.contains(where: { ["0.0.0.0/0", "::/0"].contains($0.text) }) {
            warnings.append("`trusted_proxies` trusts every address, so everybody can pretend to be any client: name the proxies only")
        }
        if let realm = tokenServer?.realm, !realm.server.isSecure, HostAddress(realm.server.authority.withoutPort.text)?.isLoopback != true
        {
            warnings.append("passwords cross the network in clear on their way to the token server: `token_server.realm` is no https://")
        }
        if let mail, mail.server.scheme == .smtp, !mail.requiresStartTLS, mail.login != nil,
            HostAddress(mail.server.host)?.isLoopback != true
        {
            warnings.append(
                "the mail server's password crosses the network in clear: use smtps://, or take `mail.starttls: false` out")
        }
        return warnings
    }
}
