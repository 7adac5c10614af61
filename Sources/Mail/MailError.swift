/// Why a message was not sent. Texts are for an administrator's log: printable, one line, bounded, and without the password.
public enum MailError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name is unknown or nobody listens there.
    case unreachable(String)
    /// No STARTTLS where it is required, or a certificate that is not believed.
    case tls(String)
    /// The server does not take the login; with its words.
    case login(String)
    /// The server does not take the message; its code (RFC 5321 §4.2: 4xx is worth another try later, 5xx is not) and its words.
    case refused(code: Int, String)
    /// It took longer than ``MailServer/timeout``.
    case timeout
    /// The connection broke, or something else that is no word of the server.
    case broken(String)
    /// So many messages wait already that this one was not taken.
    case busy
    /// The sending task was cancelled. The message may have gone out or not.
    case cancelled

    public var description: String {
        switch self {
        case .unreachable(let text): "the mail server cannot be reached: \(text)"
        case .tls(let text): "no TLS with the mail server: \(text)"
        case .login(let text): "the mail server refuses the login: \(text)"
        case .refused(_, let text): "the mail server refuses the message: \(text)"
        case .timeout: "the mail server did not answer in time"
        case .broken(let text): "the conversation with the mail server broke: \(text)"
        case .busy: "too many messages wait to be sent"
        case .cancelled: "sending was cancelled"
        }
    }
}
