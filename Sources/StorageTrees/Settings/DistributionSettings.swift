/// distribution's `config.yml` (2.x and 3.x; distribution, "Configuring a registry").
struct DistributionSettings {
    private let settings: [OldSetting]
    private let variables: [String]

    init(_ file: SettingsFile, environment: [String: String]) throws(SettingsRefusal) {
        settings = try SettingsFile.settings(of: file.root)
        variables = environment.keys.filter { $0.hasPrefix("REGISTRY_") }.sorted()
    }

    func yaml() -> String {
        var new = NewSettings()
        listening(&new)
        authentication(&new)
        for setting in settings where setting.value != .empty && !translate(setting, &new) {
            new.remark(setting, Self.words(setting.path))
        }
        deletion(&new)
        if !variables.isEmpty {
            new.remark(
                "Variables of the environment that distribution would have read, and that count before its file: "
                    + variables.joined(separator: ", "))
        }
        return new.yaml([
            "Made by `wharf config import` from distribution's settings. Read it before you use it.",
            "distribution also takes settings from variables such as REGISTRY_HTTP_ADDR; look for them where its service is defined.",
        ])
    }

    private func value(_ path: String) -> OldSetting? { settings.first { $0.path == path && $0.value != .empty } }

    private func has(_ section: String) -> Bool { settings.contains { $0.path == section || $0.path.hasPrefix("\(section).") } }

    private func listening(_ new: inout NewSettings) {
        let written = value("http.addr")?.text
        let address = Address.listening(written ?? ":5000")
        new.set(
            "listen", address ?? "0.0.0.0:5000",
            address == nil ? "The file names an address that Wharf cannot listen on as it stands." : nil)
    }

    private func authentication(_ new: inout NewSettings) {
        if has("auth.htpasswd") {
            new.set("auth", "password_file")
            if let path = value("auth.htpasswd.path")?.text { new.set("password_file", path) }
        } else if has("auth.token") {
            new.set("auth", "token-server")
            for (old, key) in [("realm", "realm"), ("service", "service"), ("issuer", "issuer")] {
                if let text = value("auth.token.\(old)")?.text { new.set("token_server.\(key)", text) }
            }
            if let text = (value("auth.token.jwks") ?? value("auth.token.rootcertbundle"))?.text { new.set("token_server.keys", text) }
        } else {
            new.set("auth", "none", "The old registry asked nobody who they are.")
        }
    }

    /// distribution deletes nothing unless it is told to.
    private func deletion(_ new: inout NewSettings) {
        let deletes = value("storage.delete.enabled").map(\.isTrue) ?? false
        let comment = "distribution \(deletes ? "was told to delete" : "deletes nothing unless it is told to (storage.delete.enabled)")."
        new.set("deletion.tags", "\(deletes)", comment)
        new.set("deletion.manifests", "\(deletes)")
        new.set("deletion.blobs", "\(deletes)")
        new.set("deletion.repositories", "false")
    }

    /// False when there is no counterpart.
    private func translate(_ setting: OldSetting, _ new: inout NewSettings) -> Bool {
        let text = setting.text ?? ""
        switch setting.path {
        case "version", "storage.delete.enabled", "http.addr", "auth.htpasswd.path", "auth.token.realm", "auth.token.service",
            "auth.token.issuer", "auth.token.jwks":
            break
        case "auth.token.rootcertbundle": return value("auth.token.jwks") == nil
        case "log.level", "loglevel": new.set("log.level", LogLevel.translated(text))
        case "log.formatter": new.set("log.format", text == "text" ? "text" : "json")
        case "storage.filesystem.rootdirectory":
            new.remark("To take over what is stored: wharf import distribution \(Address.argument(text)) --data DIR")
        case "storage.maintenance.uploadpurging.age": new.set("sweep.upload_life", text)
        case "storage.maintenance.readonly.enabled": new.set("read_only", "\(setting.isTrue)")
        case "http.host":
            guard let url = Address.withoutPath(text) else { return false }
            new.set("external_url", url)
        case "http.draintimeout": new.set("timeouts.shutdown", text)
        case "http.tls.certificate": new.set("tls.certificate", text)
        case "http.tls.key": new.set("tls.key", text)
        case "http.tls.minimumtls":
            guard text.hasPrefix("tls1.") else { return false }
            new.set("tls.minimum_version", String(text.dropFirst("tls".count)))
        case "http.tls.clientcas":
            guard case .list(let files) = setting.value, files.count == 1, let file = files.first else { return false }
            new.set("tls.client_ca", file)
            new.set("tls.client_certificates", "required")
        case "catalog.maxentries": new.set("limits.page_size", text)
        case "validation.disabled", "validation.enabled":
            if setting.isTrue == (setting.path == "validation.disabled") { new.set("manifests.sparse", "any") }
        case "validation.manifests.indexes.platforms":
            if text != "all" { new.set("manifests.sparse", "index") }
        default: return false
        }
        return true
    }

    private static func words(_ path: String) -> String {
        let table: [(prefix: String, words: String)] = [
            ("log.accesslog", "requests are logged at the level `info`; `log.level: warning` leaves only those that failed."),
            ("log", "log lines have the fields that they have."),
            ("storage.filesystem", "has no counterpart."),
            ("storage.maintenance.uploadpurging", "Wharf sweeps by itself (`sweep.interval`)."),
            ("storage.redirect", "Wharf sends blobs itself, without copying them through its memory."),
            ("storage.cache", "Wharf needs no cache beside it."),
            ("storage.tag", "tags are rows of the catalog; there is nothing to be limited."),
            ("storage", "Wharf keeps everything in the folder `data`; trees in object stores have to be copied to a folder first."),
            ("auth.htpasswd.realm", "the realm is the server's own name."),
            ("auth.token", "has no counterpart; of the keys, JWKS is preferred to certificates."),
            ("auth", "there is no such way to log in; set `auth` (see docs/kinds.md)."),
            ("http.tls.letsencrypt", "certificates come from files, which SIGHUP reads again; certbot or a proxy can fetch them."),
            ("http.tls.clientcas", "put the certificates into one file, and name it in `tls.client_ca`."),
            ("http.tls.minimumtls", "`tls.minimum_version` is 1.2 if nothing else is said."),
            ("http.tls", "Wharf chooses among the ciphers of its TLS library."),
            ("http.secret", "any Wharf process can go on with any upload; there is no secret to be shared."),
            ("http.prefix", "the API begins at /, as clients expect it."),
            ("http.host", "`external_url` has no path."),
            ("http.net", "Wharf listens on TCP."),
            ("http.relativeurls", "`external_url`, or else the request's Host, says how addresses begin."),
            ("http.debug", "metrics are at /metrics of the same address (`metrics_from`)."),
            ("http.headers", "a proxy can add headers."),
            ("http.http2", "HTTP/2 is spoken over TLS."),
            ("http.h2c", "HTTP/2 is spoken over TLS."),
            ("notifications", "there are no notifications; the audit log has every change (`audit_log`)."),
            ("redis", "Wharf needs no cache beside it."),
            ("health", "/healthz and /readyz say how the server is."),
            ("proxy", "Wharf does not fetch from other registries."),
            ("compatibility", "schema 1 is always served to those who need it, signed with a key that Wharf makes."),
            ("validation.manifests.urls", "the addresses of foreign layers are not limited."),
            ("middleware", "there is no middleware."),
            ("reporting", "errors are in the log, with the id of their request."),
            ("policy", "repositories may hold manifests of every class."),
        ]
        return table.first { path == $0.prefix || path.hasPrefix($0.prefix + ".") || path.hasPrefix($0.prefix + "[") }?.words
            ?? "has no counterpart."
    }
}
