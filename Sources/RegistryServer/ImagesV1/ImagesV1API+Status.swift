import FoundationEssentials
import HTTPTransport
import HTTPTypes
import ImageRegistry

extension V1Exchange {
    /// Which parts of the registry answer (v1.md §2.1); 503 when one does not.
    func status() async throws -> Response {
        let failures = await registry.failures()
        let body = try V1Answers.json(
            Status(
                services: RegistryPart.allCases.map(\.rawValue),
                failures: Dictionary(uniqueKeysWithValues: failures.map { ($0.rawValue, $1) }),
                host: ProcessInfo.processInfo.hostName))
        return reply(body, status: failures.isEmpty ? .ok : .serviceUnavailable)
    }

    private struct Status: Encodable {
        let services: [String]
        let failures: [String: String]
        let host: String
    }
}
