import Dispatch
import FoundationEssentials
import Synchronization

/// Sends messages, one after the other, with libcurl on a thread of its own: curl blocks, and a mail server may take its time.
public final class Mailer: Sendable {
    /// Messages that are sent or wait, at the most.
    public static let waitingLimit = 64

    public let server: MailServer
    // Serial: such a queue gets a thread beside the pool on which Swift's own tasks run, and none while it is idle.
    private let queue = DispatchQueue(label: "wharf.mail")
    private let waiting = Mutex(0)

    public init(_ server: MailServer) {
        self.server = server
    }

    /// Returns when the server has taken the message.
    ///
    /// ``MailServer/timeout`` begins when the messages before it are through.
    public func send(_ message: MailMessage) async throws(MailError) {
        let isTaken = waiting.withLock { waiting in
            guard waiting < Self.waitingLimit else { return false }
            waiting += 1
            return true
        }
        guard isTaken else { throw .busy }
        defer { waiting.withLock { $0 -= 1 } }

        let isCancelled = Flag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, MailError>, Never>) in
                queue.async { [server] in
                    let text = message.text(at: Date(), id: Self.messageID())
                    let transfer = SMTPTransfer(message, text: text, isCancelled: isCancelled)
                    continuation.resume(returning: Result { () throws(MailError) in try transfer.run(with: server) })
                }
            }
        } onCancel: {
            isCancelled.set()
        }
        try result.get()
    }

    private static func messageID() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined(separator: ".")
    }
}

/// Set once, read often, from any thread.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
