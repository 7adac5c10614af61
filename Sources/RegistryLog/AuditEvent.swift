/// Something that changed, or was refused for want of rights: one line of the audit log.
public struct AuditEvent: Sendable, Equatable {
    public enum Outcome: String, Sendable {
        case done
        /// The caller may not, or did not prove to be who they say.
        case refused
        /// The caller may, but it did not come about.
        case failed
    }

    public let time: LogTime
    /// A user's name, `anonymous`, or `cli:root` for who runs a command.
    public let who: String
    /// By what they have proved it: `password`, `key NAME`, `token`, `certificate`, `cookie`; `-` for nothing.
    public let by: String
    /// `tag.set`, `user.password`: what it is done to, and what.
    public let action: String
    /// The repository, user or tag that it is done to.
    public let target: String
    /// The client's address, without a port; `-` for a command.
    public let from: String
    public let outcome: Outcome
    /// The status of the reply, if there is one.
    public let status: Int?
    /// The id of the request, as in the log of requests.
    public let request: String?
    /// Anything worth knowing besides. Never a secret.
    public let detail: String?

    public init(
        time: LogTime = .now, who: String, by: String = "-", action: String, target: String, from: String, outcome: Outcome,
        status: Int? = nil, request: String? = nil, detail: String? = nil
    ) {
        self.time = time
        self.who = who
        self.by = by
        self.action = action
        self.target = target
        self.from = from
        self.outcome = outcome
        self.status = status
        self.request = request
        self.detail = detail
    }

    /// The bytes of one JSON object and a line feed; what is nil is left out. Values are cut (with `…`) at lengths that no honest one
    /// reaches.
    var line: [UInt8] {
        var writer = LineWriter(format: .json)
        writer.bytes.append("{\"time\":\"")
        time.append(to: &writer.bytes)
        writer.bytes.append(UInt8(ascii: "\""))
        writer.text("who", who, limit: 255)
        writer.text("by", by, limit: 255)
        writer.text("action", action, limit: 64)
        writer.text("target", target, limit: 512)
        writer.text("from", from, limit: 64)
        writer.text("outcome", outcome.rawValue)
        if let status { writer.number("status", status) }
        if let request { writer.text("request", request, limit: 128) }
        if let detail { writer.text("detail", detail, limit: 512) }
        writer.end()
        return writer.bytes
    }
}
