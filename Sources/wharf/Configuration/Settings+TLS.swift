extension Settings {
    /// HTTPS by the server itself. SIGHUP reads the files again.
    enum TLS {
        static let certificate = Setting(
            "tls.certificate", .path("FILE"),
            meaning: "The server's certificate and those between it and the root, in PEM, its own first. With it the server speaks HTTPS "
                + "(HTTP/2 too), and nothing else. Needs `tls.key`. SIGHUP reads it again.")

        static let key = Setting(
            "tls.key", .path("FILE"),
            meaning: "The private key of `tls.certificate`, in PEM, without a passphrase. SIGHUP reads it again.")

        static let minimumVersion = Setting<TLSVersion>(
            "tls.minimum_version", .choice("VERSION"), default: .tls12,
            meaning: "The oldest TLS that is spoken. Clients from before 2014 may know nothing newer than 1.0, which is broken: let them "
                + "have it on a network of their own.")

        static let clientCA = Setting(
            "tls.client_ca", .path("FILE"),
            meaning: "Certificates in PEM. A client certificate that one of them signed identifies the user whom the common name (CN) of "
                + "its subject names. SIGHUP reads it again.")

        static let clientCertificates = Setting<ClientCertificates>(
            "tls.client_certificates", .choice("WHETHER"), default: .optional,
            meaning: "With `tls.client_ca`: whether a client has to have a certificate, or may come without one.")

        static let definitions: [SettingDefinition] = [
            certificate.definition, key.definition, minimumVersion.definition, clientCA.definition, clientCertificates.definition,
        ]
    }
}
