import ArgumentParser
import ImageModel
import RegistryClient
import RegistryWire

extension Check {
    struct Proxy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a reverse proxy in front of Wharf does wrong, and what to change.",
            discussion: """
                Asks as clients do, without credentials, and changes nothing. Give the address that clients use. Ends with 1 if there is a \
                problem.
                """)

        @Argument(help: "http:// or https://, a host, and maybe a port.", transform: Self.url)
        var url: ServiceURL

        @Option(help: "A public repository to look at; otherwise one that the search shows.", transform: Self.repository)
        var repository: RepositoryName?

        @Option(help: "A PEM file of the certificates to trust in place of the system's.")
        var ca: String?

        func run() async throws {
            let findings = try await ProxyCheck.run(url: url, repository: repository, rootCertificates: ca)
            for finding in findings { print(Self.lines(finding)) }
            if findings.contains(where: { $0.outcome == .problem }) { throw ExitCode(1) }
        }

        private static func url(_ text: String) throws -> ServiceURL {
            guard let url = ServiceURL(text) else { throw ValidationError("the address is http:// or https://, a host, and maybe a port") }
            return url
        }

        private static func repository(_ text: String) throws -> RepositoryName {
            guard let name = RepositoryName(text) else { throw ValidationError("`\(text)` is no name of a repository") }
            return name
        }

        static func lines(_ finding: ProxyFinding) -> String {
            let outcome = finding.outcome.rawValue
            let first = outcome + String(repeating: " ", count: 10 - outcome.count) + finding.text
            return ([first] + finding.remedies.map { String(repeating: " ", count: 10) + $0 }).joined(separator: "\n")
        }
    }
}
