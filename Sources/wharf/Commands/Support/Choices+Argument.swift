import ArgumentParser
import ImageModel

/// How a command shows what it found.
enum ListFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Aligned columns, for people.
    case table
    /// For programs: keys stay what they are, times are ISO 8601.
    case json
}

enum OnOff: String, CaseIterable, ExpressibleByArgument, Sendable {
    case on, off
}

extension Visibility: ExpressibleByArgument {}

extension Access {
    /// Completes "alice may …".
    var permission: String {
        switch self {
        case .read: "pull"
        case .write: "pull and push"
        case .admin: "do everything"
        }
    }
}
