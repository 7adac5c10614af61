/// A closed set of words that are a label's values.
protocol LabelValue: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

/// How a call ended, as a label.
protocol CallOutcome: LabelValue {
    /// Those that a call is shown with from the first time on, even while they are 0: an alert sees only what rises from something.
    static var always: Set<Self> { get }
}

/// Calls of a part of the program by what they were and how they ended.
struct CallFigures<Call: LabelValue, Outcome: CallOutcome>: Sendable {
    private struct Figures {
        var counts: [Outcome: UInt64] = [:]
        var seconds = Histogram(.calls)
    }

    private var figures: [Call: Figures] = [:]

    mutating func record(_ call: Call, _ outcome: Outcome, seconds: Double) {
        figures[call, default: Figures()].counts[outcome, default: 0] += 1
        figures[call]?.seconds.observe(seconds)
    }

    /// - Parameters:
    ///   - prefix: what the names of the families begin with.
    ///   - help: whose calls these are.
    ///   - timed: a sentence about the time, with a space before it.
    func write(to exposition: inout Exposition, as prefix: String, help: String, timed: String) {
        exposition.family("\(prefix)_calls_total", .counter, "Calls \(help), by outcome.")
        for call in Call.allCases {
            guard let counts = figures[call]?.counts else { continue }
            for outcome in Outcome.allCases where counts[outcome] != nil || Outcome.always.contains(outcome) {
                exposition.sample(
                    "\(prefix)_calls_total", ["call": call.rawValue, "outcome": outcome.rawValue], "\(counts[outcome] ?? 0)")
            }
        }
        exposition.family("\(prefix)_call_seconds", .histogram, "Seconds that calls \(help) took.\(timed)")
        for call in Call.allCases {
            figures[call]?.seconds.write(to: &exposition, as: "\(prefix)_call_seconds", labels: ["call": call.rawValue])
        }
    }
}

/// Calls of the object store.
enum StoreCall: String, LabelValue {
    case open
    case write
    case append
    case finish
    case remove
    case check
}

enum StoreOutcome: String, CallOutcome {
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
enum DatabaseCall: String, LabelValue {
    case read
    case write
}

enum DatabaseOutcome: String, CallOutcome {
    case ok
    /// The transaction was undone by its own body, which found that what was asked for cannot be, or its caller gave up.
    case refused
    case failed

    static var always: Set<DatabaseOutcome> { [.ok, .failed] }
}
