/// A closed set of a label's values, numbered from 0 in the order of their declaration; the words are the cases' names.
protocol LabelValue: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {}

/// How a call ended, as a label.
protocol CallOutcome: LabelValue {
    /// Those that a call is shown with from the first time on, even while they are 0: an alert sees only what rises from something.
    static var always: Set<Self> { get }
}

/// Calls of a part of the program by what they were and how they ended.
struct CallFigures<Call: LabelValue, Outcome: CallOutcome>: Sendable {
    /// Of each call, by outcome.
    private var counts = [UInt64](repeating: 0, count: Call.allCases.count * Outcome.allCases.count)
    private var seconds = [Histogram](repeating: Histogram(.calls), count: Call.allCases.count)

    mutating func record(_ call: Call, _ outcome: Outcome, seconds: Double) {
        counts[index(call, outcome)] += 1
        self.seconds[call.rawValue].observe(seconds)
    }

    /// Calls that were never made are left out.
    ///
    /// - Parameters:
    ///   - prefix: what the names of the families begin with.
    ///   - help: whose calls these are.
    ///   - timed: a sentence about the time, with a space before it.
    func write(to exposition: inout Exposition, as prefix: String, help: String, timed: String) {
        exposition.family("\(prefix)_calls_total", .counter, "Calls \(help), by outcome.")
        let calls = Call.allCases.filter { call in Outcome.allCases.contains { counts[index(call, $0)] > 0 } }
        for call in calls {
            for outcome in Outcome.allCases {
                let count = counts[index(call, outcome)]
                guard count > 0 || Outcome.always.contains(outcome) else { continue }
                exposition.sample("\(prefix)_calls_total", ["call": "\(call)", "outcome": "\(outcome)"], "\(count)")
            }
        }
        exposition.family("\(prefix)_call_seconds", .histogram, "Seconds that calls \(help) took.\(timed)")
        for call in calls {
            seconds[call.rawValue].write(to: &exposition, as: "\(prefix)_call_seconds", labels: ["call": "\(call)"])
        }
    }

    private func index(_ call: Call, _ outcome: Outcome) -> Int { call.rawValue * Outcome.allCases.count + outcome.rawValue }
}

/// Calls of the object store.
enum StoreCall: Int, LabelValue {
    case open
    case write
    case append
    case finish
    case remove
    case check
}

enum StoreOutcome: Int, CallOutcome {
    case ok
    /// There is no such object.
    case absent
    /// The upload was busy, or shorter than the caller thought.
    case refused
    /// There was no room.
    case full
    /// Whoever brought the bytes gave up, or the caller did.
    case abandoned
    /// The store's own failure.
    case failed

    static var always: Set<StoreOutcome> { [.ok, .failed] }
}

/// Transactions of the database.
enum DatabaseCall: Int, LabelValue {
    case read
    case write
}

enum DatabaseOutcome: Int, CallOutcome {
    case ok
    /// The transaction was undone by its own body, which found that what was asked for cannot be, or its caller gave up.
    case refused
    case failed

    static var always: Set<DatabaseOutcome> { [.ok, .failed] }
}
