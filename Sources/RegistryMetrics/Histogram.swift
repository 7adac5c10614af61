/// How often a number of seconds fell between certain bounds.
struct Histogram: Sendable {
    /// Upper bounds in seconds, each inclusive, as numbers and as they are written.
    struct Bounds: Sendable {
        let values: [Double]
        let texts: [String]

        init(_ texts: [String]) {
            self.texts = texts
            values = texts.compactMap { Double($0) }
        }

        /// From an answer out of memory to the transfer of a large layer.
        static let requests = Bounds(
            ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60", "300"])
        /// From a page that is in memory to a disk that hangs.
        static let calls = Bounds(["0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "10"])
    }

    private let bounds: Bounds
    /// How many fell below each bound and not below the one before; the last: above all of them.
    private var counts: [UInt64]
    private var sum = 0.0

    init(_ bounds: Bounds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.values.count + 1)
    }

    /// Counts a measurement; what is no time at all counts as 0.
    mutating func observe(_ seconds: Double) {
        let seconds = seconds.isFinite ? max(0, seconds) : 0
        var index = 0
        while index < bounds.values.count, seconds > bounds.values[index] { index += 1 }
        counts[index] += 1
        sum += seconds
    }

    /// Writes the samples of the family `name`.
    func write(to exposition: inout Exposition, as name: String, labels: KeyValuePairs<String, String>) {
        var total: UInt64 = 0
        for (bound, count) in zip(bounds.texts + ["+Inf"], counts) {
            total += count
            exposition.sample("\(name)_bucket", labels, bound: bound, "\(total)")
        }
        exposition.sample("\(name)_sum", labels, "\(sum)")
        exposition.sample("\(name)_count", labels, "\(total)")
    }
}
