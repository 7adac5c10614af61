import Logging
import NIOCore
import NIOPosix

/// What all connections of a server share; nothing in it changes.
final class ServerParts: Sendable {
    let configuration: TransportConfiguration
    let immediate: HTTPServer.Immediate?
    let completed: HTTPServer.Completed?
    let refusal: @Sendable (TransportRefusal) -> Response
    let standingFields: StandingFields
    let registry: ConnectionRegistry
    let threadPool: NIOThreadPool
    /// Whether the kernel may copy files to the socket, where nothing stands between.
    let copiesFilesInKernel: Bool
    /// How often each connection looks at the clock.
    let tickPeriod: TimeAmount
    let logger: Logger

    init(server: HTTPServer, registry: ConnectionRegistry) {
        self.configuration = server.configuration
        self.immediate = server.immediate
        self.completed = server.completed
        self.refusal = server.refusal
        self.standingFields = StandingFields(
            serverName: server.configuration.serverName, sendsDate: server.configuration.sendsDate)
        self.registry = registry
        self.threadPool = .singleton
        self.copiesFilesInKernel = server.copiesFilesInKernel
        let shortest: Duration = min(configuration.idleTimeout, configuration.stallTimeout, Duration.seconds(20))
        self.tickPeriod = TimeAmount(max(shortest / 4, Duration.milliseconds(10)))
        self.logger = server.logger
    }
}
