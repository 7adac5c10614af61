import NIOConcurrencyHelpers

/// A clock that a test sets.
final class TestClock: Sendable {
    private let box: NIOLockedValueBox<Int64>

    init(_ time: Int64) { box = NIOLockedValueBox(time) }

    /// Seconds since 1970.
    var time: Int64 {
        get { box.withLockedValue(\.self) }
        set { box.withLockedValue { $0 = newValue } }
    }
}
