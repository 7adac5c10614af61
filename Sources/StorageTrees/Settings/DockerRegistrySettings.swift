/// docker-registry's `config.yml` (0.5 to 0.9): flavours, which take over from each other, and values from the environment.
struct DockerRegistrySettings {
    private let flavor: String
    private let others: [String]
    private let settings: [OldSetting]

    /// The flavour that docker-registry takes when nobody names one.
    private static let defaultFlavor = "dev"

    init(_ file: SettingsFile, flavor wanted: String?, environment: [String: String]) throws(SettingsRefusal) {
        let flavors = file.sections
        let flavor = wanted ?? environment["SETTINGS_FLAVOR"] ?? (flavors.contains(Self.defaultFlavor) ? Self.defaultFlavor : flavors.first)
        guard let flavor, let section = file.section(flavor) else {
            throw SettingsRefusal(
                "it has no flavour \(flavor ?? Self.defaultFlavor); it has \(flavors.isEmpty ? "none" : flavors.joined(separator: ", "))")
        }
        self.flavor = flavor
        others = flavors.filter { $0 != flavor && $0 != "common" }
        settings = try SettingsFile.settings(of: section).map { setting in
            guard case .text(let text) = setting.value else { return setting }
            let value = Self.resolved(text, environment).map { OldSetting.Value.text($0) } ?? .empty
            return OldSetting(path: setting.path, value: value, line: setting.line)
        }
    }

    /// `_env:NAME:default` is the variable's value, or else the default; `_file:PATH` is what stands in a file, which is not read here.
    private static func resolved(_ text: String, _ environment: [String: String]) -> String? {
        guard text.hasPrefix("_env:") else { return text }
        let parts = text.dropFirst("_env:".count).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first else { return nil }
        let value = environment[String(name)] ?? (parts.count > 1 ? String(parts[1]) : "")
        return value.isEmpty ? nil : value
    }

    func yaml() -> String {
        var new = NewSettings()
        new.set(
            "listen", "0.0.0.0:5000",
            "docker-registry's address was a matter of gunicorn or of REGISTRY_PORT; this is what it was if nobody said otherwise.")
        authentication(&new)
        for setting in settings where setting.value != .empty { translate(setting, &new) }
        var introduction = ["Made by `wharf config import` from docker-registry's settings, flavour \(flavor). Read it before you use it."]
        if !others.isEmpty {
            introduction.append("The file has other flavours too, which --flavor chooses: \(others.joined(separator: ", ")).")
        }
        return new.yaml(introduction)
    }

    private func value(_ path: String) -> OldSetting? { settings.first { $0.path == path && $0.value != .empty } }

    private func authentication(_ new: inout NewSettings) {
        let isStandalone = value("standalone").map(\.isTrue) ?? true
        let asksNobody = value("disable_token_auth").map(\.isTrue) ?? false
        guard isStandalone || asksNobody else {
            new.set("role", "registry", "It was not `standalone`: an index knows who may do what.")
            new.set("auth", "index")
            new.set("index.url", value("index_endpoint")?.text.flatMap(Address.withoutPath) ?? "https://index.docker.io")
            return
        }
        new.set(
            "auth", "none",
            "docker-registry asked nobody who they are. If a proxy before it did: `auth: password_file` with the same password file "
                + "(bcrypt), or `auth: accounts` and `wharf user add`.")
    }

    private func translate(_ setting: OldSetting, _ new: inout NewSettings) {
        let text = setting.text ?? ""
        switch setting.path {
        case "standalone", "disable_token_auth", "index_endpoint": break
        case "debug", "debug_versions", "storage_redirect", "mirroring.tags_cache_ttl":
            // What is switched off does nothing that could be missed.
            if setting.isTrue { new.remark(setting, Self.words(setting.path)) }
        case "loglevel": new.set("log.level", LogLevel.translated(text))
        case "storage":
            if !["local", "file"].contains(text) {
                new.remark(
                    setting, "Wharf keeps everything in the folder `data`; trees in object stores have to be copied to a folder first.")
            }
        case "storage_path":
            if ["local", "file", nil].contains(value("storage")?.text) {
                new.remark("To take over what is stored: wharf import docker-registry \(Address.argument(text)) --data DIR")
            } else {
                new.remark(setting, "names a place in an object store.")
            }
        case "sqlalchemy_index_database":
            guard let file = Address.sqliteFile(text) else { return new.remark(setting, "the search is in Wharf's own catalog.") }
            new.remark("To take over descriptions as well: wharf import docker-registry … --search-index \(Address.argument(file))")
        case "mirroring.source", "mirroring.source_index":
            new.remark(setting, "Wharf does not fetch from other registries; `mirror: true` only makes it call itself a mirror.")
        default:
            new.remark(setting, Self.words(setting.path))
        }
    }

    private static func words(_ path: String) -> String {
        let table: [(prefixes: [String], words: String)] = [
            (["search_backend"], "the search is always on, in Wharf's own catalog."),
            (["cache", "cache_lru", "redis"], "Wharf needs no cache beside it."),
            (["email_exceptions", "bugsnag"], "errors are in the log, with the id of their request."),
            (["privileged_key"], "there are no privileged signatures; an administrator's API key takes their place."),
            (["storage_redirect", "nginx_x_accel_redirect"], "Wharf sends layers itself, without copying them through its memory."),
            (["cors"], "no CORS headers are sent; a proxy can add them."),
            (
                ["s3_", "boto_", "aws_", "gs_", "oauth_", "swift_", "glance_", "elliptics_", "oss_", "azure_", "cloudfront"],
                "belongs to a store that Wharf does not use."
            ),
            (["secret_key"], "Wharf makes its keys itself (see `tokens.key_file` for several servers)."),
            (["debug", "debug_versions", "issue"], "there is no such page."),
        ]
        return table.first { $0.prefixes.contains { path.hasPrefix($0) } }?.words ?? "has no counterpart."
    }
}

enum LogLevel {
    static func translated(_ text: String) -> String {
        switch text.lowercased() {
        case "warn": "warning"
        case "fatal", "panic": "critical"
        case let level where ["trace", "debug", "info", "notice", "warning", "error", "critical"].contains(level): level
        default: "info"
        }
    }
}

enum Address {
    /// `https://host:port` of an address with a path; nil when it is none.
    static func withoutPath(_ text: String) -> String? {
        guard let slashes = text.firstRange(of: "://"), ["http", "https"].contains(text[..<slashes.lowerBound]) else { return nil }
        let authority = text[slashes.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.isEmpty || authority.contains("@") ? nil : "\(text[..<slashes.upperBound])\(authority)"
    }

    /// `/tmp/x.db` of SQLAlchemy's `sqlite:////tmp/x.db`.
    static func sqliteFile(_ text: String) -> String? {
        guard text.hasPrefix("sqlite:///") else { return nil }
        let path = String(text.dropFirst("sqlite:///".count))
        return path.isEmpty || path == ":memory:" ? nil : path
    }

    /// As a word for a shell.
    static func argument(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// `HOST:PORT` as Wharf listens, of Go's `:5000`; nil for what is no such address.
    static func listening(_ text: String) -> String? {
        guard let colon = text.lastIndex(of: ":"), UInt16(text[text.index(after: colon)...]) != nil else { return nil }
        return colon == text.startIndex ? "0.0.0.0\(text)" : text
    }
}
