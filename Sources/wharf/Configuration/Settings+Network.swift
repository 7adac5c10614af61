import RegistryWire

extension Settings {
    /// Whose connections are taken, and what they are believed.
    enum Network {
        static let allowFrom = Setting(
            "allow_from", .addressBlocks,
            meaning: "The only addresses that may use the server; others are refused whatever they ask. Behind a trusted proxy it is the "
                + "address that the proxy reports. When it is not set: every address.")

        static let trustedProxies = Setting(
            "trusted_proxies", .addressBlocks,
            meaning: "The proxies whose `Forwarded` and `X-Forwarded-*` headers are believed: who the client is, and whether it came over "
                + "TLS. From anybody else these headers are ignored, as everybody can send them. Name only proxies that set the headers "
                + "themselves.")

        static let cleartextCredentials = Setting(
            "cleartext_credentials", .bool, default: false,
            meaning: "Whether passwords are taken over plain HTTP from other machines. Whoever can see the network can read them, so "
                + "without it they are refused, unless a trusted proxy says that the client came over TLS.")

        static let metricsFrom = Setting(
            "metrics_from", .addressBlocks, default: ["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) },
            meaning: "The addresses that may read `/metrics`, without credentials; others are refused. Behind a proxy that is not in "
                + "`trusted_proxies` it is the proxy's own address that counts. `/healthz` and `/readyz` are for everybody.")

        static let definitions: [SettingDefinition] = [
            allowFrom.definition, trustedProxies.definition, cleartextCredentials.definition, metricsFrom.definition,
        ]
    }
}
