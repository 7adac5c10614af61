/// What those who run the server ask of it; belongs to no dialect. All are read with GET.
public enum OperationsRoute: String, Hashable, Sendable, CaseIterable {
    case metrics = "/metrics"
    /// The process answers.
    case live = "/healthz"
    /// The registry can serve: its catalog and its storage answer.
    case ready = "/readyz"

    /// Nil unless the path of `target`, a whole request target, is exactly one of these.
    public init?(target: String) {
        self.init(rawValue: String(target.prefix { $0 != "?" }))
    }

    public var path: String { rawValue }

    /// The route's name in metrics.
    public var label: String {
        switch self {
        case .metrics: "metrics"
        case .live: "live"
        case .ready: "ready"
        }
    }
}
