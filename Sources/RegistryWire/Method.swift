/// The request methods that routes are told apart by. HEAD is GET without a body, so routes know no HEAD.
public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
    case patch = "PATCH"

    /// Nil for a method that no route has.
    public init?(_ text: some StringProtocol) {
        self.init(rawValue: text == "HEAD" ? "GET" : String(text))
    }
}

/// Why a path that has a route's shape is none.
public enum PathRefusal: Error, Hashable, Sendable {
    case path, imageID, repositoryName, tag
    /// Not `sha256:` or `sha512:` and their number of lower-case hexadecimal digits; only under `/v2/`, as are those below.
    case digest
    /// Neither a tag nor, for want of a colon, meant as a digest.
    case reference
    /// No name of an upload.
    case upload
}

/// What a method and a path ask for.
public enum Lookup<Route: Sendable & Equatable>: Sendable, Equatable {
    case found(Route)
    /// The path is a resource that has other methods.
    case methodNotAllowed(allowed: [Method])
    case unknown
    case refused(PathRefusal)

    public func map<Other>(_ transform: (Route) -> Other) -> Lookup<Other> {
        switch self {
        case .found(let route): .found(transform(route))
        case .methodNotAllowed(let allowed): .methodNotAllowed(allowed: allowed)
        case .unknown: .unknown
        case .refused(let refusal): .refused(refusal)
        }
    }
}
