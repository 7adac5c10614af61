import NIOConcurrencyHelpers

/// A name that becomes known while a request is answered, for the audit log.
final class Registered: Sendable {
    private let name = NIOLockedValueBox<String?>(nil)

    var value: String? { name.withLockedValue(\.self) }

    func set(_ text: String) { name.withLockedValue { $0 = text } }
}
