import Logging
import RegistryLog
import Testing

@testable import wharf

@Suite("Where settings come from")
struct PrecedenceTests {
    /// Two accepted values that are not the default, for every setting that may stand anywhere.
    private static let samples: [String: [String]] = [
        "listen": ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"], "data": ["/a", "/b", "/c"], "auth": ["none", "none", "none"],
        "external_url": ["http://a", "http://b", "http://c"], "log.level": ["debug", "error", "trace"],
        "log.format": ["json", "json", "json"], "limits.layer_size": ["1GiB", "2GiB", "3GiB"],
        "limits.uncompressed_layer_size": ["1GiB", "2GiB", "3GiB"], "limits.image_json_size": ["1MiB", "2MiB", "3MiB"],
        "limits.request_body_size": ["1MiB", "2MiB", "3MiB"], "limits.images_per_list": ["1", "2", "3"],
        "limits.ancestry": ["1", "2", "3"], "limits.header_size": ["5KiB", "6KiB", "7KiB"], "limits.connections": ["1", "2", "3"],
        "timeouts.idle": ["1s", "2s", "3s"], "timeouts.stalled": ["1s", "2s", "3s"], "timeouts.shutdown": ["1s", "2s", "3s"],
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
        #expect(configuration.authentication == nil)
        #expect(configuration.externalURL == nil)
        #expect(configuration.log.level == .info)
        #expect(configuration.log.format == .text)
        #expect(configuration.limits.layerSize == 68_719_476_736)
        #expect(configuration.limits.uncompressedLayerSize == 68_719_476_736)
        #expect(configuration.limits.imageJSONSize == 4_194_304)
        #expect(configuration.limits.requestBodySize == 16_777_216)
        #expect(configuration.limits.imagesPerList == 100_000)
        #expect(configuration.limits.ancestry == 1024)
        #expect(configuration.limits.headerSize == 65_536)
        #expect(configuration.limits.connections == 4096)
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
                    "--limits-ancestry", "6", "--limits-header-size", "7000", "--limits-connections", "8", "--timeouts-idle", "9s",
                    "--timeouts-stalled", "10m", "--timeouts-shutdown", "0s",
                ], environment: [:]))
        #expect("\(configuration.listen)" == "[::]:0")
        #expect(configuration.listen.host == "::")
        #expect(configuration.authentication == Authentication.none)
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
        #expect(configuration.timeouts.idle == .seconds(9))
        #expect(configuration.timeouts.stalled == .seconds(600))
        #expect(configuration.timeouts.shutdown == .zero)
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
