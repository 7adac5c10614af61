import HTTPTypes
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization
import Testing

@testable import HTTPTransport

/// A server on a free loopback port, for the length of a test.
struct TestServer: Sendable {
    let address: SocketAddress
    let group: ServiceGroup
    let log: CapturedLog
    let completed: Collected<CompletedRequest>

    func connect(reads: Bool = true, receiveBuffer: Int? = nil, tls: TLSConfiguration? = nil) async throws -> RawClient {
        try await RawClient.connect(address, reads: reads, receiveBuffer: receiveBuffer, tls: tls)
    }

    /// One exchange on a connection of its own, which is closed for sending after the request.
    func exchange(_ request: String, tls: TLSConfiguration? = nil) async throws -> String {
        let client = try await connect(tls: tls)
        try await client.send(request)
        try await client.closeSending()
        let answer = try await client.receiveToEnd()
        await client.close()
        return answer
    }
}

/// Runs `body` against a server and shuts the server down after it.
@discardableResult
func withServer<Outcome: Sendable>(
    _ configuration: TransportConfiguration = .init(sendsDate: false),
    immediate: HTTPServer.Immediate? = nil,
    refusal: @escaping @Sendable (TransportRefusal) -> Response = TransportRefusal.defaultAnswer,
    copiesFilesInKernel: Bool = true,
    handler: @escaping HTTPServer.Handler = { _, _ in Response(status: .ok, body: .bytes(ByteBuffer(string: "hello"))) },
    _ body: @Sendable (TestServer) async throws -> Outcome
) async throws -> Outcome {
    let log = CapturedLog()
    let completed = Collected<CompletedRequest>()
    let (addresses, announce) = AsyncStream<SocketAddress>.makeStream()
    let logger = Logger(label: "test") { _ in CapturingHandler(log: log) }
    var server = HTTPServer(
        configuration: configuration, handler: handler, immediate: immediate, completed: { completed.add($0) }, refusal: refusal,
        onRunning: { announce.yield($0) }, logger: logger)
    server.copiesFilesInKernel = copiesFilesInKernel
    let group = ServiceGroup(
        configuration: .init(
            services: [.init(service: server)], logger: Logger(label: "group") { _ in CapturingHandler(log: CapturedLog()) }))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            do { try await group.run() } catch { announce.finish(); throw error }
        }
        var iterator = addresses.makeAsyncIterator()
        guard let address = await iterator.next() else {
            try await tasks.waitForAll()
            throw CancellationError()
        }
        let outcome: Result<Outcome, any Error>
        do {
            outcome = .success(try await body(TestServer(address: address, group: group, log: log, completed: completed)))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try outcome.get()
    }
}

final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }

    /// All values, once there are `count`.
    func wait(for count: Int) async throws -> [Value] {
        let deadline = ContinuousClock.now + .seconds(10)
        while all.count < count, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        return all
    }
}

final class CapturedLog: Sendable {
    let lines = Mutex<[String]>([])
    func all(_ part: String) -> [String] { lines.withLock { $0.filter { $0.contains(part) } } }
    func errors() -> [String] { lines.withLock { $0.filter { $0.hasPrefix("error ") } } }
}

struct CapturingHandler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.lines.withLock { $0.append("\(event.level) \(event.message)") }
    }
}

/// Waits until `condition` holds; whether it came to.
func eventually(within limit: Duration = .seconds(10), _ condition: () async -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return await condition()
}
