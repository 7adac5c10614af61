import Logging
import RegistryLog
import RegistryWire
import Testing

@testable import wharf

@Suite("Where settings come from")
struct PrecedenceTests {
    /// Two accepted values that are not the default, for every setting that may stand anywhere.
    private static let samples: [String: [String]] = [
        "listen": ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"], "data": ["/a", "/b", "/c"], "auth": ["accounts", "token-server", "index"],
        "external_url": ["http://a", "http://b", "http://c"], "log.level": ["debug", "error", "trace"],
        "log.format": ["json", "json", "json"], "limits.layer_size": ["1GiB", "2GiB", "3GiB"],
        "limits.uncompressed_layer_size": ["1GiB", "2GiB", "3GiB"], "limits.image_json_size": ["1MiB", "2MiB", "3MiB"],
        "limits.request_body_size": ["1MiB", "2MiB", "3MiB"], "limits.images_per_list": ["1", "2", "3"],
        "limits.ancestry": ["1", "2", "3"], "limits.header_size": ["5KiB", "6KiB", "7KiB"], "limits.connections": ["1", "2", "3"],
        "limits.password_derivations": ["1", "3", "4"], "limits.login_failures": ["1", "2", "3"],
        "limits.file_listings": ["1", "3", "4"], "role": ["index", "registry", "index"], "password_file": ["/a", "/b", "/c"],
        "administrators": ["a", "b,c", "d"], "anonymous_pull": ["false", "false", "false"],
        "new_repositories": ["public", "private", "public"], "registration": ["open", "invitation", "open"],
        "activation": ["mail", "administrator", "at_once"], "allow_from": ["10.0.0.0/8,::1", "192.0.2.1", "10.0.0.0/9"],
        "trusted_proxies": ["10.0.0.0/8,::1", "192.0.2.1", "10.0.0.0/9"], "cleartext_credentials": ["true", "true", "true"],
        "mirror": ["true", "true", "true"], "audit_log": ["off", "-", "/a"], "tls.certificate": ["/a", "/b", "/c"],
        "tls.key": ["/a", "/b", "/c"], "tls.minimum_version": ["1.0", "1.1", "1.3"], "tls.client_ca": ["/a", "/b", "/c"],
        "tls.client_certificates": ["required", "required", "required"], "tokens.life": ["1m", "2m", "3m"],
        "tokens.total_life": ["25h", "26h", "27h"], "tokens.key_file": ["/a", "/b", "/c"],
        "index.url": ["http://a", "http://b", "http://c"], "index.timeout": ["1s", "2s", "3s"],
        "index.registries": ["*=a,team=b:5000", "*=b", "*=c"],
        "mail.server": ["smtp://a:25", "smtps://b:465", "smtp://c:587"], "mail.starttls": ["false", "false", "false"],
        "mail.user": ["a", "b", "c"], "mail.password": ["a", "b", "c"], "mail.from": ["a@b.c", "b@b.c", "c@b.c"],
        "mail.link_life": ["1h", "2h", "3h"], "timeouts.idle": ["1s", "2s", "3s"], "timeouts.stalled": ["1s", "2s", "3s"],
        "timeouts.shutdown": ["1s", "2s", "3s"], "v2": ["false", "false", "false"], "read_only": ["true", "true", "true"],
        "deletion.tags": ["false", "false", "false"], "deletion.manifests": ["false", "false", "false"],
        "deletion.blobs": ["false", "false", "false"], "deletion.repositories": ["false", "false", "false"],
        "immutable_tags": ["a/*:v*,library/b:c", "*:*", "a/b:c"], "manifests.sparse": ["index", "any", "index"],
        "limits.manifest_size": ["1KiB", "2MiB", "3MiB"], "limits.manifest_references": ["1", "2", "3"],
        "limits.tags_per_manifest": ["1", "2", "3"], "limits.open_uploads": ["1", "2", "3"], "limits.page_size": ["1", "2", "3"],
        "sweep.interval": ["never", "2m", "3h"], "sweep.grace": ["1h", "2h", "3h"], "sweep.upload_life": ["1h", "2h", "3h"],
        "tokens.access_life": ["1m", "2m", "3m"], "tokens.refresh_life": ["1h", "2h", "3h"], "tokens.key_life": ["24h", "2d", "3d"],
        "token_server.realm": ["http://a", "https://b/token", "https://c/t?x=y"], "token_server.service": ["a", "b c", "c"],
        "token_server.issuer": ["a", "b", "c"], "token_server.keys": ["/a", "/b", "/c"],
        "limits.image_config_size": ["1KiB", "2MiB", "3MiB"], "limits.derivations": ["1", "2", "3"],
        "faces.platform": ["linux/arm64", "linux/arm/v7", "windows/amd64"],
        "metrics_from": ["10.0.0.0/8,::1", "192.0.2.1", "10.0.0.0/9"],
    ]

    @Test("flags win over the environment, which wins over the file, which wins over defaults: every setting")
    func precedence() throws {
        let definitions = Settings.definitions.filter(\.isAllowedInFile)
        #expect(Set(definitions.map { "\($0.key)" }) == Set(Self.samples.keys))
        for definition in definitions {
            let key = "\(definition.key)"
            let values = try #require(Self.samples[key])
            let flags = [definition.key.flag, values[0]]
            let environment = [definition.key.variable: values[1]]
            let file = "\(key.split(separator: ".").joined(separator: ": {")): \"\(values[2])\"" + (key.contains(".") ? "}" : "")
            #expect(changes(flags: flags, environment: environment, file: file) == ["\(key)=\(values[0]) (flag \(flags[0]))"])
            #expect(
                changes(environment: environment, file: file) == ["\(key)=\(values[1]) (environment \(definition.key.variable))"])
            #expect(changes(file: file) == ["\(key)=\(values[2]) (FILE line 1)"])
            #expect(changes() == [])
        }
    }

    @Test("the defaults are these")
    func defaults() throws {
        let configuration = try Configuration(Resolution.load(arguments: [], environment: ["PATH": "/bin", "XWHARF_A": "1"]))
        #expect("\(configuration.listen)" == "127.0.0.1:5000")
        #expect(configuration.data == "./data")
        #expect(configuration.role == .all)
        let accounts = configuration.accounts
        #expect(accounts.authentication == .none)
        #expect(accounts.passwordFile == nil)
        #expect(accounts.administrators == [])
        #expect(accounts.allowsAnonymousPull)
        #expect(accounts.newRepositories == .public)
        #expect(accounts.registration == .closed)
        #expect(accounts.activation == .atOnce)
        #expect(configuration.rules == [])
        #expect(configuration.externalURL == nil)
        #expect(configuration.network.allowFrom == nil)
        #expect(configuration.network.trustedProxies == [])
        #expect(!configuration.network.allowsCleartextCredentials)
        #expect(configuration.network.metricsFrom.map(\.text) == ["127.0.0.0/8", "::1"])
        #expect(!configuration.isMirror)
        #expect(configuration.distribution.isOn)
        #expect(configuration.distribution.deletion == .init(tags: true, manifests: true, blobs: true, repositories: true))
        #expect(configuration.distribution.sparse == .refuse)
        #expect(configuration.protection == .init(isReadOnly: false, immutableTags: []))
        #expect(configuration.sweep == .init(interval: .seconds(3600), grace: .seconds(86_400), uploadLife: .seconds(604_800)))
        #expect(configuration.auditLog == .file("./data/audit.log"))
        #expect(configuration.tls == nil)
        #expect(configuration.tokens.life == .seconds(14_400))
        #expect(configuration.tokens.totalLife == .seconds(86_400))
        #expect(configuration.tokens.keyFile == nil)
        #expect(configuration.tokens.accessLife == .seconds(300))
        #expect(configuration.tokens.refreshLife == .seconds(7_776_000))
        #expect(configuration.tokens.keyLife == .seconds(7_776_000))
        #expect(configuration.tokenServer == nil)
        #expect(configuration.index.url == nil)
        #expect(configuration.index.timeout == .seconds(10))
        #expect(configuration.index.registries == [])
        #expect(configuration.mail == nil)
        #expect(configuration.warnings == [])
        #expect(configuration.log.level == .info)
        #expect(configuration.log.format == .text)
        #expect(configuration.limits.layerSize == 68_719_476_736)
        #expect(configuration.limits.uncompressedLayerSize == 68_719_476_736)
        #expect(configuration.limits.imageJSONSize == 4_194_304)
        #expect(configuration.limits.manifestSize == 4_194_304)
        #expect(configuration.limits.manifestReferences == 10_000)
        #expect(configuration.limits.tagsPerManifest == 100)
        #expect(configuration.limits.openUploads == 1000)
        #expect(configuration.limits.pageSize == 10_000)
        #expect(configuration.limits.requestBodySize == 16_777_216)
        #expect(configuration.limits.imagesPerList == 100_000)
        #expect(configuration.limits.ancestry == 1024)
        #expect(configuration.limits.headerSize == 65_536)
        #expect(configuration.limits.connections == 4096)
        #expect(configuration.limits.passwordDerivations == 2)
        #expect(configuration.limits.loginFailures == 5)
        #expect(configuration.limits.fileListings == 2)
        #expect(configuration.timeouts.idle == .seconds(120))
        #expect(configuration.timeouts.stalled == .seconds(60))
        #expect(configuration.timeouts.shutdown == .seconds(30))
    }

    @Test("every value reaches its place in the configuration")
    func places() throws {
        let configuration = try Configuration(
            Resolution.load(
                arguments: [
                    "--listen", "[::]:0", "--auth=none", "--data", "/d", "--external-url", "https://hub", "--log-level", "error",
                    "--log-format", "json", "--limits-layer-size", "unlimited", "--limits-uncompressed-layer-size", "2MiB",
                    "--limits-image-json-size", "3kB", "--limits-request-body-size", "4KB", "--limits-images-per-list", "5",
                    "--limits-ancestry", "6", "--limits-header-size", "7000", "--limits-connections", "8",
                    "--limits-password-derivations", "12", "--limits-login-failures", "13", "--limits-file-listings", "14",
                    "--timeouts-idle", "9s",
                    "--timeouts-stalled", "10m", "--timeouts-shutdown", "0s",
                ], environment: [:]))
        #expect("\(configuration.listen)" == "[::]:0")
        #expect(configuration.listen.host == "::")
        #expect(configuration.accounts.authentication == .none)
        #expect(configuration.data == "/d")
        #expect(configuration.externalURL.map { "\($0)" } == "https://hub")
        #expect(configuration.log.level == .error)
        #expect(configuration.log.format == .json)
        let limits = configuration.limits
        #expect(limits.layerSize == .max)
        #expect(limits.uncompressedLayerSize == 2_097_152)
        #expect(limits.imageJSONSize == 3000)
        #expect(limits.requestBodySize == 4000)
        #expect(limits.imagesPerList == 5)
        #expect(limits.ancestry == 6)
        #expect(limits.headerSize == 7000)
        #expect(limits.connections == 8)
        #expect(limits.passwordDerivations == 12)
        #expect(limits.loginFailures == 13)
        #expect(limits.fileListings == 14)
        #expect(configuration.timeouts.idle == .seconds(9))
        #expect(configuration.timeouts.stalled == .seconds(600))
        #expect(configuration.timeouts.shutdown == .zero)
    }

    @Test("every value about accounts, TLS, tokens and mail reaches its place in the configuration")
    func placesOfAccounts() throws {
        let configuration = try Configuration(
            Resolution.load(
                arguments: [
                    "--role", "index", "--auth", "accounts", "--anonymous-pull", "false", "--new-repositories", "public",
                    "--registration", "open", "--activation", "administrator", "--external-url", "https://hub", "--allow-from",
                    "10.0.0.0/8",
                    "--trusted-proxies", "10.0.0.1, 10.0.0.2", "--cleartext-credentials", "true", "--mirror", "true", "--audit-log", "-",
                    "--tls-certificate", "/c", "--tls-key", "/k", "--tls-minimum-version", "1.3", "--tls-client-ca", "/ca",
                    "--tls-client-certificates", "required", "--tokens-life", "2h", "--tokens-total-life", "3h", "--tokens-key-file", "/t",
                    "--index-url", "https://index", "--index-timeout", "4s", "--index-registries", "team=a:5000,*=b",
                    "--mail-server", "smtp://localhost:25", "--mail-starttls", "false", "--mail-user", "u", "--mail-password", "p",
                    "--mail-from", "w@x.org", "--mail-link-life", "2d",
                ], environment: [:]))
        #expect(configuration.role == .index)
        let accounts = configuration.accounts
        #expect(accounts.authentication == .accounts)
        #expect(!accounts.allowsAnonymousPull)
        #expect(accounts.newRepositories == .public)
        #expect(accounts.registration == .open)
        #expect(accounts.activation == .administrator)
        #expect(configuration.network.allowFrom?.map { $0.text } == ["10.0.0.0/8"])
        #expect(configuration.network.trustedProxies.count == 2)
        #expect(configuration.network.allowsCleartextCredentials)
        #expect(configuration.isMirror)
        #expect(configuration.auditLog == .standardError)
        let tls = try #require(configuration.tls)
        #expect([tls.certificate, tls.key, tls.clientCA] == ["/c", "/k", "/ca"])
        #expect(tls.minimumVersion == .tls13)
        #expect(tls.clientCertificates == .required)
        #expect(configuration.tokens.life == .seconds(7200))
        #expect(configuration.tokens.totalLife == .seconds(10_800))
        #expect(configuration.tokens.keyFile == "/t")
        #expect(configuration.index.url.map { "\($0)" } == "https://index")
        #expect(configuration.index.timeout == .seconds(4))
        #expect(configuration.index.registries.map(\.namespace) == ["team", nil])
        #expect(configuration.index.registries.map(\.authority) == ["a:5000", "b"])
        let mail = try #require(configuration.mail)
        #expect("\(mail.server)" == "smtp://localhost:25")
        #expect(!mail.requiresStartTLS)
        #expect(mail.login?.user == "u")
        #expect(mail.login?.password == "p")
        #expect("\(mail.from)" == "w@x.org")
        #expect(mail.linkLife == .seconds(172_800))

        let other = try Configuration(
            Resolution.load(
                arguments: ["--auth", "password_file", "--password-file", "/p", "--administrators", "alice,Bob"], environment: [:]))
        #expect(other.accounts.passwordFile == "/p")
        #expect(other.accounts.administrators == ["alice", "Bob"])
        #expect(other.accounts.newRepositories == .private)
    }

    @Test("every value about v2 and what is swept reaches its place in the configuration")
    func placesOfDistribution() throws {
        func configuration(_ flags: [String]) throws -> Configuration {
            try Configuration(Resolution.load(arguments: flags, environment: [:]))
        }
        let whole = try configuration([
            "--read-only", "true", "--immutable-tags", "team/*:v*", "--manifests-sparse", "index", "--metrics-from", "10.0.0.0/8",
            "--limits-manifest-size", "5MiB", "--limits-manifest-references", "6", "--limits-tags-per-manifest", "7",
            "--limits-open-uploads", "8", "--limits-page-size", "9", "--sweep-interval", "10m", "--sweep-grace", "11h",
            "--sweep-upload-life", "12h", "--tokens-access-life", "13m", "--tokens-refresh-life", "14d", "--tokens-key-life", "15d",
            "--auth", "token-server", "--token-server-realm", "https://auth/token", "--token-server-service", "hub",
            "--token-server-issuer", "auth", "--token-server-keys", "/k",
        ])
        #expect(whole.distribution.sparse == .index)
        #expect(whole.protection.isReadOnly)
        #expect(whole.protection.immutableTags.map { "\($0)" } == ["team/*:v*"])
        #expect(whole.network.metricsFrom.map(\.text) == ["10.0.0.0/8"])
        let limits = whole.limits
        #expect(limits.manifestSize == 5_242_880)
        #expect([limits.manifestReferences, limits.tagsPerManifest, limits.openUploads, limits.pageSize] == [6, 7, 8, 9])
        #expect(whole.sweep == .init(interval: .seconds(600), grace: .seconds(39_600), uploadLife: .seconds(43_200)))
        let tokens = whole.tokens
        #expect([tokens.accessLife, tokens.refreshLife, tokens.keyLife] == [.seconds(780), .seconds(1_209_600), .seconds(1_296_000)])
        let server = try #require(whole.tokenServer)
        #expect(["\(server.realm)", server.service, server.issuer, server.keys] == ["https://auth/token", "hub", "auth", "/k"])

        #expect(try configuration(["--sweep-interval", "never"]).sweep.interval == nil)
        #expect(try configuration(["--manifests-sparse", "any"]).distribution.sparse == .any)
        #expect(
            try ["tags", "manifests", "blobs", "repositories"].map {
                try configuration(["--deletion-\($0)", "false"]).distribution.deletion
            } == [
                .init(tags: false, manifests: true, blobs: true, repositories: true),
                .init(tags: true, manifests: false, blobs: true, repositories: true),
                .init(tags: true, manifests: true, blobs: false, repositories: true),
                .init(tags: true, manifests: true, blobs: true, repositories: false),
            ])
    }

    @Test("accounts are confirmed by mail as soon as there is a mail server, unless something else was written")
    func activation() throws {
        let mail = ["--external-url", "https://hub", "--mail-server", "smtp://localhost:25", "--mail-from", "w@x.org"]
        func activation(_ flags: [String]) throws -> Activation {
            try Configuration(Resolution.load(arguments: flags, environment: [:])).accounts.activation
        }
        #expect(try activation(mail) == .mail)
        #expect(try activation(mail + ["--activation", "at_once"]) == .atOnce)
        #expect(try activation(["--activation", "administrator"]) == .administrator)
    }

    @Test("WHARF_CONFIG names the file, and --config another")
    func file() throws {
        try withFile("data: /one".utf8) { one in
            try withFile("data: /two".utf8) { two in
                let variable = try Resolution.load(arguments: [], environment: ["WHARF_CONFIG": one])
                #expect(variable.value(of: Settings.data) == "/one")
                let flag = try Resolution.load(arguments: ["--config", two], environment: ["WHARF_CONFIG": one])
                #expect(flag.value(of: Settings.data) == "/two")
            }
        }
    }

    @Test("no two settings share a flag or a variable, and none looks like a variable that Kubernetes makes")
    func spellings() throws {
        #expect(Set(Settings.definitions.map(\.key.flag)).count == Settings.definitions.count)
        #expect(Set(Settings.definitions.map(\.key.variable)).count == Settings.definitions.count)
        for definition in Settings.definitions {
            #expect(!problems(environment: [definition.key.variable + "X": ""]).isEmpty)
            #expect(!problems(environment: [definition.key.variable: ""]).isEmpty)
        }
    }
}
