import NIOCore
import Synchronization

/// A connection that a shutdown reaches, on its event loop.
protocol RegisteredConnection: AnyObject {
    /// Begins a graceful shutdown: nothing new is begun, what is being answered is finished.
    func quiesce()
    /// Closes at once.
    func cut()
}

/// The open connections, so that a shutdown reaches each of them, also those whose task has not begun yet.
final class ConnectionRegistry: Sendable {
    typealias Member = NIOLoopBound<any RegisteredConnection>

    private struct State {
        var connections: [ObjectIdentifier: Member] = [:]
        var isQuiescing = false
        var isCut = false
    }

    private let state = Mutex(State())

    func add(_ connection: any RegisteredConnection, on eventLoop: any EventLoop) {
        let member = Member(connection, eventLoop: eventLoop)
        let (isQuiescing, isCut) = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = member
            return (state.isQuiescing, state.isCut)
        }
        if isCut { cut(member) } else if isQuiescing { quiesce(member) }
    }

    func remove(_ connection: any RegisteredConnection) {
        _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// Closes idle connections now and the others after the answers that they are at.
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

    private func quiesce(_ member: Member) {
        member.eventLoop.execute { member.value.quiesce() }
    }

    private func cut(_ member: Member) {
        member.eventLoop.execute { member.value.cut() }
    }
}
