import Synchronization

/// What the process counts about itself, and its text for Prometheus.
///
/// Recording takes a lock for some dozens of nanoseconds and may be done on an event loop. Every set of labels is bounded: routes come from
/// code, methods and outcomes are closed sets, statuses are numbers of HTTP.
public final class MetricsRegistry: Sendable {
    private let version: String
    private let requests = Mutex(RequestFigures())
    private let storage = Mutex(CallFigures<StoreCall, StoreOutcome>())
    private let database = Mutex(CallFigures<DatabaseCall, DatabaseOutcome>())
    private let process: @Sendable () -> ProcessFigures?

    /// - Parameter version: the program's, as `wharf_build_info` shows it.
    public convenience init(version: String) { self.init(version: version) { .current() } }

    init(version: String, process: @escaping @Sendable () -> ProcessFigures?) {
        self.version = version
        self.process = process
    }

    /// Counts an answered request.
    ///
    /// - Parameters:
    ///   - route: what the request is called, from the program and never from the request; nil: it met no route.
    ///   - method: as sent; all that are not among the usual ones count as one.
    ///   - status: what is not within 100…599 counts as no answer.
    ///   - seconds: from the complete head to the last byte of the answer.
    ///   - bytesIn: of the request's body.
    ///   - bytesOut: of the answer's body.
    public func recordRequest(route: String?, method: String, status: Int, seconds: Double, bytesIn: Int64, bytesOut: Int64) {
        requests.withLock {
            $0.record(
                route: route ?? "none", method: RequestFigures.Method(method), status: status, seconds: seconds, bytesIn: bytesIn,
                bytesOut: bytesOut)
        }
    }

    func record(_ call: StoreCall, _ outcome: StoreOutcome, seconds: Double) {
        storage.withLock { $0.record(call, outcome, seconds: seconds) }
    }

    func record(_ call: DatabaseCall, _ outcome: DatabaseOutcome, seconds: Double) {
        database.withLock { $0.record(call, outcome, seconds: seconds) }
    }

    /// Everything in Prometheus's text format 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`), in an order that stays the same.
    ///
    /// Reads `/proc`, for which the kernel may take some milliseconds when many files are open: not for an event loop.
    public func text() -> [UInt8] {
        var exposition = Exposition()
        exposition.family("wharf_build_info", .gauge, "The program's version.")
        exposition.sample("wharf_build_info", ["version": version], "1")
        // Copied under the lock, laid out after it.
        requests.withLock(\.self).write(to: &exposition)
        storage.withLock(\.self).write(
            to: &exposition, as: "wharf_storage", help: "of the object store",
            timed: " Waiting for a client whose bytes are written does not count.")
        database.withLock(\.self).write(to: &exposition, as: "wharf_database", help: "of the database", timed: "")
        process()?.write(to: &exposition)
        return exposition.bytes
    }

    /// The media type of ``text()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
}
