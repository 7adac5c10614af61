/// What is wrong with the sections `rules` and `groups`.
enum RuleFlaw: Sendable, Hashable {
    /// It is not what the text describes.
    case shape(String)
    case unknown(String, nearest: String?)
    case missing(String)
    case empty(String)
    case noList(String)
    case noText(String)
    case groupName(String)
    case value(String, String, accepted: String)
    case unknownGroup(String, nearest: String?)

    /// - Parameter quoted: Makes of what somebody typed what may be shown.
    func text(quoted: (String) -> String) -> String {
        switch self {
        case .shape(let expected): "it has to be \(expected)"
        case .unknown(let key, let nearest):
            "unknown key \(quoted(key))" + (nearest.map { "; did you mean \($0)?" } ?? "; a rule has repositories, who and actions")
        case .missing(let key): "a rule without `\(key)`; it has repositories, who and actions"
        case .empty(let key): "\(quoted(key)) has no element; take it out, or name one"
        case .noList(let key): "\(quoted(key)) has to be a list, as in `[one, two]`"
        case .noText(let key): "an element of \(quoted(key)) is no text"
        case .groupName(let name): "the name of a group cannot be \(quoted(name)); accepted is 1 to 64 letters, digits, `_`, `-` and `.`"
        case .value(let key, let text, let accepted): "\(quoted(key)) cannot be \(quoted(text)); accepted is \(accepted)"
        case .unknownGroup(let name, let nearest):
            "there is no group \(quoted(name))" + (nearest.map { "; did you mean @\($0)?" } ?? "; `groups` has to have it")
        }
    }
}
