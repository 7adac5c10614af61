import FoundationEssentials

extension MailMessage {
    /// What is handed to the server: fields and body with CRLF (RFC 5322), without the dots that SMTP doubles.
    ///
    /// - Parameter id: The left side of the Message-ID; different for each message.
    func text(at date: Date, id: String) -> [UInt8] {
        let domain = from.split(separator: "@").last ?? "localhost"
        let lines = body.lines
        let isPlain = lines.allSatisfy { $0.utf8.count <= Self.lineLimit && $0.utf8.allSatisfy(Self.isPlain) }
        let fields = [
            "Date: \(Self.field(date))",
            "From: <\(from)>",
            "To: <\(to)>",
            "Message-ID: <\(id)@\(domain)>",
            "Subject: \(EncodedWords.field(subject))",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: \(isPlain ? "7bit" : "quoted-printable")",
            // RFC 3834 §5: no answering machine answers.
            "Auto-Submitted: auto-generated",
            "",
        ]
        let encoded = isPlain ? lines : lines.flatMap(QuotedPrintable.lines)
        return (fields + encoded).flatMap { Array($0.utf8) + Array("\r\n".utf8) }
    }

    /// RFC 5322 §2.1.1, without CRLF.
    private static let lineLimit = 998

    private static func isPlain(_ byte: UInt8) -> Bool { (0x20...0x7e).contains(byte) || byte == UInt8(ascii: "\t") }

    /// RFC 5322 §3.3, in UTC.
    static func field(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: Int?) -> String { (value ?? 0) < 10 ? "0\(value ?? 0)" : "\(value ?? 0)" }
        return "\(days[(parts.weekday ?? 1) - 1]), \(parts.day ?? 1) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 1970) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}

extension String {
    /// The lines of a text, whatever ends them; no empty one behind the last end.
    fileprivate var lines: [String] {
        var lines = split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
