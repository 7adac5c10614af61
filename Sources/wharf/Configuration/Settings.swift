import Logging
import RegistryLog

/// Every setting of `wharf`.
enum Settings {
    static let listen = Setting(
        "listen", .listenAddress, default: ListenAddress("127.0.0.1:5000"),
        meaning: "The address to listen on. Port 0 picks a free port, which the first line of standard output names. "
            + "Anything but this machine's own loopback needs `auth` to be set.")

    static let data = Setting(
        "data", .path("DIR"), default: "./data",
        meaning: "The folder that holds everything: layers and the catalog. It is made when it is not there.")

    static let config = Setting(
        "config", .path("FILE"), isAllowedInFile: false,
        meaning: "A YAML file with settings. Without it, no file is read.")

    static let role = Setting<Role>(
        "role", .choice("ROLE"), default: .all,
        meaning: "Which half of the v1 protocol this server is. `index`: accounts, repositories, tokens and search; it keeps no image, and "
            + "names the registries that do (`index.registries`). `registry`: images and tags, for the tokens of an index or a token "
            + "server, without accounts of its own. `all`: both.")

    static let externalURL = Setting(
        "external_url", .serviceURL,
        meaning: "The address that clients use, when a proxy stands before the server. Links in mails begin with it, and the address at "
            + "which v2's clients get tokens. Without it, the `Host` header of each request tells.")

    static let mirror = Setting(
        "mirror", .bool, default: false,
        meaning: "Whether the server calls itself a mirror (`X-Docker-Registry-Standalone: mirror`), so that engines do not push to it.")

    static let auditLog = Setting(
        "audit_log", .auditDestination,
        meaning: "Where every change, and every refusal for want of rights, is written as one line of JSON, without secrets. When it is "
            + "not set: `audit.log` in the data folder. SIGHUP opens the file anew, as `logrotate` needs it.")

    static let logLevel = Setting<Logger.Level>(
        "log.level", .choice("LEVEL"), default: .info, meaning: "The least that is written. Requests are `info`, failed ones `warning`.")

    static let logFormat = Setting<LogFormat>(
        "log.format", .choice("FORMAT"), default: .text,
        meaning: "How the log on standard error is written: `text` for people, `json` (one object a line) for collectors.")

    /// In the order of the reference; those with a common first word stand together.
    static let definitions: [SettingDefinition] =
        [listen.definition, data.definition, config.definition, role.definition] + Accounts.definitions
        + [externalURL.definition] + Network.definitions + [mirror.definition] + Distribution.definitions + [auditLog.definition]
        + TLS.definitions + Tokens.definitions + TokenServer.definitions + Index.definitions + Mail.definitions
        + [logLevel.definition, logFormat.definition] + Sweep.definitions + Limit.definitions + Timeout.definitions
}
