/// What a check of a reverse proxy has found, for people to read.
public struct ProxyFinding: Sendable, Equatable {
    public enum Outcome: String, Sendable {
        case ok
        case problem
        /// It could not be seen from outside, or not here.
        case unchecked = "not seen"
    }

    public let outcome: Outcome
    public let text: String
    /// What to change, for a problem: a line for each program.
    public let remedies: [String]

    static func ok(_ text: String) -> ProxyFinding { ProxyFinding(outcome: .ok, text: text, remedies: []) }
    static func unchecked(_ text: String) -> ProxyFinding { ProxyFinding(outcome: .unchecked, text: text, remedies: []) }

    static func problem(_ text: String, nginx: String? = nil, haproxy: String? = nil, wharf: String? = nil) -> ProxyFinding {
        let remedies = [("nginx", nginx), ("haproxy", haproxy), ("wharf", wharf)].compactMap { name, text in text.map { "\(name): \($0)" } }
        return ProxyFinding(outcome: .problem, text: text, remedies: remedies)
    }
}
