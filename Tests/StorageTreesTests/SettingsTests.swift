import StorageTrees
import Testing

@Suite("Old settings files")
struct SettingsTests {
    private func translated(
        _ text: String, from source: SettingsTranslation.Source? = nil, flavor: String? = nil, environment: [String: String] = [:]
    ) throws -> String {
        try SettingsTranslation(Array(text.utf8), from: source, flavor: flavor, environment: environment).yaml
    }

    private func refusal(_ text: String, flavor: String? = nil) -> String? {
        do throws(SettingsRefusal) {
            _ = try SettingsTranslation(Array(text.utf8), from: nil, flavor: flavor, environment: [:])
            return nil
        } catch {
            return error.description
        }
    }

    private static let dockerRegistry = """
        common: &common
            loglevel: _env:LOGLEVEL:info
            standalone: _env:STANDALONE:true
            index_endpoint: _env:INDEX_ENDPOINT:https://index.docker.io/v1/
            sqlalchemy_index_database: sqlite:////tmp/docker-registry.db
            cache: {host: _env:CACHE_HOST, password: _env:CACHE_PASSWORD:hunter2}
            debug: false
        local: &local
            <<: *common
            storage: local
            storage_path: _env:STORAGE_PATH:/srv/old registry
        s3:
            <<: [*common]
            storage: s3
            s3_secret_key: hunter2
            storage_path: /registry
        dev:
            <<: *local
            loglevel: debug
        """

    @Test("a flavour of docker-registry with what it takes over from others, and values of the environment")
    func flavors() throws {
        #expect(
            try translated(Self.dockerRegistry) == """
                # Made by `wharf config import` from docker-registry's settings, flavour dev. Read it before you use it.
                # The file has other flavours too, which --flavor chooses: local, s3.

                # docker-registry's address was a matter of gunicorn or of REGISTRY_PORT; this is what it was if nobody said
                # otherwise.
                listen: 0.0.0.0:5000
                # docker-registry asked nobody who they are. If a proxy before it did: `auth: password_file` with the same
                # password file (bcrypt), or `auth: accounts` and `wharf user add`.
                auth: none
                log:
                  level: debug

                # What has no counterpart, and what else is to be done:
                # - To take over what is stored: wharf import docker-registry '/srv/old registry' --data DIR
                # - To take over descriptions as well: wharf import docker-registry … --search-index /tmp/docker-registry.db
                # - cache.password (line 6): Wharf needs no cache beside it.

                """)
        let index = try translated(
            Self.dockerRegistry, flavor: "s3", environment: ["STANDALONE": "false", "LOGLEVEL": "warn", "CACHE_HOST": "redis"])
        #expect(index.contains("role: registry\nauth: index\nindex:\n  url: https://index.docker.io\nlog:\n  level: warning\n"))
        #expect(index.contains("# - s3_secret_key (line 15): belongs to a store that Wharf does not use.\n"))
        #expect(index.contains("# - cache.host (line 6): "))
        #expect(!index.contains("hunter2"))
        #expect(try translated(Self.dockerRegistry, environment: ["SETTINGS_FLAVOR": "local"]).contains("flavour local."))
        #expect(refusal(Self.dockerRegistry, flavor: "prod") == "it has no flavour prod; it has common, local, s3, dev")
    }

    @Test("distribution's settings, each with its counterpart or a comment without its value")
    func distribution() throws {
        let text = """
            version: 0.1
            log: {level: warn, formatter: logstash, fields: {service: registry}}
            storage:
              filesystem: {rootdirectory: /var/lib/registry}
              delete: {enabled: true}
              maintenance:
                uploadpurging: {age: 168h}
                readonly: {enabled: true}
            auth:
              htpasswd: {realm: basic, path: /etc/passwords}
            http:
              addr: localhost:5001
              host: https://registry.example.com/
              secret: hunter2
              tls:
                certificate: "/etc/a b.pem"
                key: /etc/key.pem
                clientcas: [/etc/ca.pem]
                minimumtls: tls1.3
            notifications:
              endpoints:
                - {name: one, headers: {Authorization: [hunter2]}}
            """
        #expect(
            try translated(text, environment: ["REGISTRY_HTTP_SECRET": "hunter2", "PATH": "/bin"]) == """
                # Made by `wharf config import` from distribution's settings. Read it before you use it.
                # distribution also takes settings from variables such as REGISTRY_HTTP_ADDR; look for them where its service is
                # defined.

                listen: localhost:5001
                auth: password_file
                password_file: /etc/passwords
                log:
                  level: warning
                  format: json
                sweep:
                  upload_life: 168h
                read_only: true
                external_url: https://registry.example.com
                tls:
                  certificate: "/etc/a b.pem"
                  key: /etc/key.pem
                  client_ca: /etc/ca.pem
                  client_certificates: required
                  minimum_version: 1.3
                deletion:
                  # distribution was told to delete.
                  tags: true
                  manifests: true
                  blobs: true
                  repositories: false

                # What has no counterpart, and what else is to be done:
                # - log.fields.service (line 2): log lines have the fields that they have.
                # - To take over what is stored: wharf import distribution /var/lib/registry --data DIR
                # - auth.htpasswd.realm (line 10): the realm is the server's own name.
                # - http.secret (line 14): any Wharf process can go on with any upload; there is no secret to be shared.
                # - notifications.endpoints[0].name (line 22): there are no notifications; the audit log has every change
                #   (`audit_log`).
                # - notifications.endpoints[0].headers.Authorization (line 22): there are no notifications; the audit log has
                #   every change (`audit_log`).
                # - Variables of the environment that distribution would have read, and that count before its file:
                #   REGISTRY_HTTP_SECRET

                """)
    }

    @Test("without settings, distribution listens everywhere, asks nobody and deletes nothing")
    func empty() throws {
        let yaml = try translated("version: 0.1")
        #expect(yaml.contains("\nlisten: 0.0.0.0:5000\n# The old registry asked nobody who they are.\nauth: none\n"))
        #expect(yaml.contains("  tags: false\n  manifests: false\n  blobs: false\n"))
    }

    @Test("tokens of a server, and what cannot stand as it is")
    func tokens() throws {
        let yaml = try translated(
            """
            version: 0.1
            auth:
              token: {realm: "https://a/token", service: "a: b", issuer: "i\\n", rootcertbundle: /bundle.pem}
            http: {addr: nonsense, tls: {clientcas: [/a, /b]}}
            catalog: {maxentries: 100}
            validation: {manifests: {indexes: {platforms: none}}}
            """)
        #expect(yaml.contains("# The file names an address that Wharf cannot listen on as it stands.\nlisten: 0.0.0.0:5000\n"))
        #expect(
            yaml.contains(
                """
                auth: token-server
                token_server:
                  realm: https://a/token
                  service: "a: b"
                  issuer: "i\\u000a"
                  keys: /bundle.pem
                """))
        #expect(yaml.contains("limits:\n  page_size: 100\nmanifests:\n  sparse: index\n"))
        #expect(yaml.contains("# - http.tls.clientcas (line 4): put the certificates into one file, and name it in `tls.client_ca`.\n"))
    }

    @Test("what is no such file is refused, and aliases cannot stand for more than a file has")
    func refused() {
        #expect(refusal("") == "it is no mapping of settings to values")
        #expect(refusal("- a") == "it is no mapping of settings to values")
        #expect(refusal("a: b") == "it has no flavour dev; it has none")
        #expect(refusal("a: [")?.hasPrefix("it is not YAML: ") == true)
        #expect(refusal("dev: {? [a] : b}") == "line 1: a key has to be a name")
        #expect(refusal(String(repeating: "#", count: 1 << 20) + "\n") == "it has more than 1048576 bytes")
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1..<30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(refusal(bomb + "dev: {b: *a29}") == "its aliases stand for too much")
    }
}
