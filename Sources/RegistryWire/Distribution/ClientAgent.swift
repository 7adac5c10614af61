/// What an engine's `User-Agent` tells of how it has to be answered under `/v2/`.
public struct ClientAgent: Hashable, Sendable {
    /// The agent of Go's library, under which engines ping. 1.5 must not be told of v2 there, because it cannot push to it.
    public let isBareGo: Bool
    /// Engines 1.6 and 1.7 cannot follow a `Location` without scheme and host.
    public let needsAbsoluteLocation: Bool
    /// Engines 1.6 to 1.9 say nothing of what they take, and take schema 1 alone (v1.md §10.1).
    public let readsSchema1Only: Bool

    public init(userAgent: String?) {
        let agent = userAgent ?? ""
        isBareGo = Self.bareGo.contains(agent)
        needsAbsoluteLocation = agent.hasPrefix("docker/1.6.") || agent.hasPrefix("docker/1.7.")
        readsSchema1Only = ["docker/1.6.", "docker/1.7.", "docker/1.8.", "docker/1.9."].contains(where: agent.hasPrefix)
    }

    private static let bareGo: Set<String> = ["Go 1.1 package http", "Go-http-client/1.1", "Go-http-client/2.0"]
}
