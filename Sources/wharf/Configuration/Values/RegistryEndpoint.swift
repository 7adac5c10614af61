import ImageModel

/// Which registry holds the images of a namespace.
struct RegistryEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// Nil stands for every namespace that has no entry of its own.
    let namespace: String?
    let address: HostAddress
    let port: Int?

    /// Reads `NAMESPACE=HOST[:PORT]`, and `*=HOST[:PORT]` for the rest.
    init?(_ text: String) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        if halves[0] == "*" {
            namespace = nil
        } else {
            // A namespace is whatever can be the first part of a repository's name.
            guard RepositoryName(components: [halves[0], "x"]) != nil else { return nil }
            namespace = String(halves[0])
        }
        if let address = HostAddress(halves[1]) {
            (self.address, port) = (address, nil)
        } else if let address = ListenAddress(String(halves[1])), address.port > 0 {
            (self.address, port) = (address.address, address.port)
        } else {
            return nil
        }
    }

    /// `host` or `host:port`, as `X-Docker-Endpoints` says it.
    var authority: String { port.map { "\(address):\($0)" } ?? "\(address)" }

    var description: String { "\(namespace ?? "*")=\(authority)" }
}

extension ValueKind<[RegistryEndpoint]> {
    static let registryEndpoints = ValueKind.list(
        of: ValueKind<RegistryEndpoint>(
            placeholder: "NAMESPACE=HOST[:PORT]", accepted: "NAMESPACE=HOST[:PORT]", parse: { RegistryEndpoint($0) }, format: { "\($0)" }),
        "each is NAMESPACE=HOST[:PORT], at most one for a namespace, and *=HOST[:PORT] for all other namespaces",
        identity: { $0.namespace ?? "*" })
}
