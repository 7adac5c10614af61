import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import RegistryClient

/// What a service under test was asked, as one line for each request.
final class Questions: Sendable {
    private let lines = Mutex<[String]>([])
    private let ports = Mutex<Set<Int>>([])

    func note(_ request: Request, _ context: RequestContext) {
        let fields = request.head.headerFields
        let cookie = fields[.cookie].map { " cookie \($0)" } ?? ""
        lines.withLock {
            $0.append("\(request.head.method) \(request.head.path ?? "") \(fields[.authorization] ?? "-")\(cookie)")
        }
        if let port = context.remoteAddress?.port { _ = ports.withLock { $0.insert(port) } }
    }

    var all: [String] { lines.withLock { $0 } }
    var connections: Int { ports.withLock { $0.count } }
}

/// Runs `body` against a server on a free loopback port.
func withService<Outcome: Sendable>(
    _ handler: @escaping HTTPServer.Handler, _ body: @Sendable (_ port: Int, Questions) async throws -> Outcome
) async throws -> Outcome {
    let questions = Questions()
    let (addresses, announce) = AsyncStream<SocketAddress>.makeStream()
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let server = HTTPServer(
        configuration: TransportConfiguration(shutdownDeadline: .milliseconds(200)),
        handler: { request, context in
            questions.note(request, context)
            return await handler(request, context)
        },
        onRunning: { announce.yield($0) }, logger: quiet)
    let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: quiet))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = addresses.makeAsyncIterator()
        let port = try #require(await iterator.next()?.port)
        let outcome: Result<Outcome, any Error>
        do {
            outcome = .success(try await body(port, questions))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try outcome.get()
    }
}

/// An answer of bytes.
func answer(_ status: Int, _ text: String = "", _ fields: HTTPFields = [:]) -> Response {
    Response(status: HTTPResponse.Status(code: status), headers: fields, body: .bytes(ByteBuffer(string: text)))
}
