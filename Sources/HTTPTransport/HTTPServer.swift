import HummingbirdCore
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// A server for HTTP/1.1 (RFC 9110, RFC 9112), and over TLS for HTTP/2 (RFC 9113) too, that knows sockets and HTTP and nothing of what is
/// served.
///
/// A service: `run()` listens until the service group's graceful shutdown. Then nothing more is accepted, idle connections are closed,
/// requests in flight are answered with `Connection: close` (over HTTP/2 the peer gets GOAWAY), and whatever is left at the shutdown
/// deadline is cut; a handler that hangs does not hold `run()` up.
public struct HTTPServer: Service {
    /// Answers a request; called on the global executor, for one request of a connection at a time, or over HTTP/2 for as many as have
    /// streams, at most 100. A handler is cancelled at the shutdown
    /// deadline, not when its peer goes away: that it learns by reading the body or writing the answer.
    public typealias Handler = @Sendable (Request, RequestContext) async -> Response
    /// Answers a request without a body at once, or nil to let the handler do it. Called **on the event loop**: it must not block.
    /// Not called while an earlier request of the same connection is being answered; over HTTP/2 streams do not wait for each other.
    public typealias Immediate = @Sendable (ImmediateRequest) -> ImmediateResponse?
    /// Told of every request once. Called on the event loop: it must not block.
    public typealias Completed = @Sendable (CompletedRequest) -> Void

    let configuration: TransportConfiguration
    let handler: Handler
    let immediate: Immediate?
    let completed: Completed?
    let refusal: @Sendable (TransportRefusal) -> Response
    let onRunning: @Sendable (SocketAddress) async -> Void
    let eventLoopGroup: any EventLoopGroup
    let logger: Logger
    /// Whether the kernel copies files to the socket, which it can do only on plain TCP.
    var copiesFilesInKernel = true

    /// - Parameters:
    ///   - refusal: the answer to what the transport turns down; its fields and its body of bytes are used. Called on the event loop.
    ///   - onRunning: told the address once the server listens.
    public init(
        configuration: TransportConfiguration,
        handler: @escaping Handler,
        immediate: Immediate? = nil,
        completed: Completed? = nil,
        refusal: @escaping @Sendable (TransportRefusal) -> Response = TransportRefusal.defaultAnswer,
        onRunning: @escaping @Sendable (SocketAddress) async -> Void = { _ in },
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.configuration = configuration
        self.handler = handler
        self.immediate = immediate
        self.completed = completed
        self.refusal = refusal
        self.onRunning = onRunning
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
    }

    /// Listens and serves until shut down.
    /// - Throws: what binding the address throws (`IOError` and others).
    public func run() async throws {
        let registry = ConnectionRegistry()
        let parts = ServerParts(server: self, registry: registry)
        let server = Server(
            childChannelSetup: ConnectionSetup(parts: parts, handler: handler),
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: configuration.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections, logger: logger)),
            onServerRunning: { [onRunning] channel in
                if let address = channel.localAddress { await onRunning(address) }
            },
            eventLoopGroup: eventLoopGroup,
            logger: logger)

        let loop = eventLoopGroup.next()
        let finished = loop.makePromise(of: Void.self)
        // The one task outside the structure, and on purpose: a structured run() could not return before a handler that hangs and does
        // not heed its cancellation, and a service that does not return keeps the whole process from ending.
        let serving = Task {
            do {
                try await server.run()
                finished.succeed()
            } catch {
                finished.fail(error)
            }
        }
        let cut: @Sendable () -> Void = {
            registry.cut()
            serving.cancel()
            // A moment for tasks that do heed it.
            _ = loop.scheduleTask(in: .milliseconds(200)) { finished.succeed() }
        }
        let deadline = TimeAmount(configuration.shutdownDeadline)
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await finished.futureResult.get()
            } onGracefulShutdown: {
                registry.quiesce()
                let scheduled = loop.scheduleTask(in: deadline) { cut() }
                finished.futureResult.whenComplete { _ in scheduled.cancel() }
            }
        } onCancel: {
            cut()
        }
    }
}
