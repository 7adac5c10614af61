import NIOCore
import Synchronization

/// The open connections, so that a shutdown reaches each of them, also those whose task has not begun yet.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: NIOLoopBound<ConnectionHandler>] = [:]
        var isQuiescing = false
        var isCut = false
    }

    private let state = Mutex(State())

    func add(_ connection: NIOLoopBound<ConnectionHandler>, as key: ObjectIdentifier) {
        let (isQuiescing, isCut) = state.withLock { state in
            state.connections[key] = connection
            return (state.isQuiescing, state.isCut)
        }
        if isCut { cut(connection) } else if isQuiescing { quiesce(connection) }
    }

    func remove(_ key: ObjectIdentifier) {
        _ = state.withLock { $0.connections.removeValue(forKey: key) }
    }

    /// Closes idle connections now and the others after the answer that they are at.
    func quiesce() {
        let connections = state.withLock { state in
            state.isQuiescing = true
            return Array(state.connections.values)
        }
        connections.forEach(quiesce)
    }

    /// Closes everything.
    func cut() {
        let connections = state.withLock { state in
            state.isCut = true
            return Array(state.connections.values)
        }
        connections.forEach(cut)
    }

    private func quiesce(_ connection: NIOLoopBound<ConnectionHandler>) {
        connection.eventLoop.execute { connection.value.quiesce() }
    }

    private func cut(_ connection: NIOLoopBound<ConnectionHandler>) {
        connection.eventLoop.execute { connection.value.cut() }
    }
}
