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

    static let authentication = Setting<Authentication>(
        "auth", .choice("HOW"),
        meaning: "How callers show who they are. `none`: not at all, so whoever reaches the server may push, pull and delete. "
            + "When it is not set, the server only listens on loopback, and works as with `none`.")

    static let externalURL = Setting(
        "external_url", .externalURL,
        meaning: "The address that clients use, when a proxy stands before the server. Without it, the `Host` header of each request tells."
    )

    static let logLevel = Setting<Logger.Level>(
        "log.level", .choice("LEVEL"), default: .info, meaning: "The least that is written. Requests are `info`, failed ones `warning`.")

    static let logFormat = Setting<LogFormat>(
        "log.format", .choice("FORMAT"), default: .text,
        meaning: "How the log on standard error is written: `text` for people, `json` (one object a line) for collectors.")

    static let definitions: [SettingDefinition] =
        [
            listen.definition, data.definition, config.definition, authentication.definition, externalURL.definition,
            logLevel.definition, logFormat.definition,
        ] + Limit.definitions + Timeout.definitions
}
