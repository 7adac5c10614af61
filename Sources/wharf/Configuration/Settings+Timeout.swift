extension Settings {
    /// How long the server waits for what.
    enum Timeout {
        static let idle = Setting(
            "timeouts.idle", .duration(.seconds(1)...(.seconds(86_400))), default: .seconds(120),
            meaning:
                "How long a connection without a request stays open. Above the 60 s that most proxies keep theirs for, so that it is the "
                + "proxy that closes.")

        static let stalled = Setting(
            "timeouts.stalled", .duration(.seconds(1)...(.seconds(3600))), default: .seconds(60),
            meaning: "How long a client may neither send nor take a single byte in the middle of a request or an answer.")

        static let shutdown = Setting(
            "timeouts.shutdown", .duration(.zero...(.seconds(3600))), default: .seconds(30),
            meaning: "How long requests in flight may go on after SIGTERM or SIGINT before the server stops all the same.")

        static let definitions: [SettingDefinition] = [idle.definition, stalled.definition, shutdown.definition]
    }
}
