import HTTPTypes
import HummingbirdCore
import NIOCore

/// An accepted connection, as the server's task group knows it.
struct Connection: ServerChildChannelValue {
    let channel: any Channel
    let requests: RequestQueue

    /// Answers the connection's requests until it is gone: one after the other over HTTP/1.1, side by side over HTTP/2.
    func serve(_ handle: @escaping HTTPServer.Handler) async {
        await withTaskCancellationHandler {
            while let arrived = await requests.next() {
                if arrived.isConcurrent {
                    await serveStreams(from: arrived, handle)
                } else {
                    await answer(arrived, handle)
                }
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// No more handlers run at once than the connection may have streams: a peer that resets its streams to open others does not get more
    /// of the server than one that waits (CVE-2023-44487).
    private func serveStreams(from first: Arrived, _ handle: @escaping HTTPServer.Handler) async {
        await withTaskGroup(of: Void.self) { group in
            var tasks = 0
            var arrived: Arrived? = first
            while let current = arrived {
                if tasks == HTTP2Connection.maximumStreams {
                    await group.next()
                    tasks -= 1
                }
                tasks += 1
                group.addTask { await answer(current, handle) }
                arrived = await requests.next()
            }
        }
    }

    private func answer(_ arrived: Arrived, _ handle: HTTPServer.Handler) async {
        let response = await handle(arrived.request, arrived.context)
        let id = arrived.context.id
        let handler = arrived.handler
        guard case .stream(let stream) = response.body, arrived.request.head.method != .head, !response.status.forbidsBody else {
            handler.eventLoop.execute { handler.value.respond(response, to: id) }
            return
        }
        handler.eventLoop.execute { handler.value.openStream(response, to: id) }
        let writer = BodyWriter { buffer in
            try await withCheckedThrowingContinuation { continuation in
                handler.eventLoop.execute { handler.value.writeStream(buffer, of: id, continuation: continuation) }
            }
        }
        do {
            try await stream.produce(writer)
            handler.eventLoop.execute { handler.value.endStream(nil, of: id) }
        } catch {
            handler.eventLoop.execute { handler.value.endStream(error, of: id) }
        }
    }
}
