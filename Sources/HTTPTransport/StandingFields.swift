import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The fields that every answer has: `Server`, which never changes, and `Date`, which is written anew once a second.
final class StandingFields: Sendable {
    /// What `Server` says, if anything.
    let serverName: String?
    private let server: ByteBuffer
    private let sendsDate: Bool
    private let date = Mutex(CachedDate(second: .min, text: "", line: ByteBuffer()))

    private struct CachedDate {
        var second: Int
        var text: String
        var line: ByteBuffer
    }

    init(serverName: String?, sendsDate: Bool) {
        self.serverName = serverName
        self.server = serverName.map { ByteBuffer(string: "Server: \($0)\r\n") } ?? ByteBuffer()
        self.sendsDate = sendsDate
    }

    /// - Parameters:
    ///   - setsServer: the answer has its own `Server` field.
    ///   - setsDate: the answer has its own `Date` field.
    func write(into buffer: inout ByteBuffer, setsServer: Bool, setsDate: Bool) {
        if !setsServer { buffer.writeImmutableBuffer(server) }
        if sendsDate, !setsDate { buffer.writeImmutableBuffer(withDate { $0.line }) }
    }

    /// What `Date` says now; nil if it is not sent.
    var currentDate: String? { sendsDate ? withDate { $0.text } : nil }

    private func withDate<Part: Sendable>(_ part: (CachedDate) -> Part) -> Part {
        let now = time(nil)
        return date.withLock { cached in
            if cached.second != now {
                let text = HTTPDate.format(now)
                cached = CachedDate(second: now, text: text, line: ByteBuffer(string: "Date: \(text)\r\n"))
            }
            return part(cached)
        }
    }
}

/// Dates as HTTP writes them (RFC 9110 §5.6.7).
enum HTTPDate {
    /// - Parameter seconds: since 1970-01-01T00:00:00Z.
    static func format(_ seconds: Int) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        // Days to a civil date: eras of 400 years that begin on 1 March, so that the leap day comes last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let weekday = ((days % 7) + 11) % 7
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return "\(weekdays[weekday]), \(twoDigits(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
