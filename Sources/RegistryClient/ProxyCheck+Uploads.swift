import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Checks of whether layers would get through: large ones, in chunks, and while they are being sent. The image is none that Wharf has, so
/// it refuses as soon as it sees the head, and nothing is stored.
extension ProxyCheck {
    /// More than any limit that somebody would set without meaning it: 20 GiB.
    private static let announcedLength: Int64 = 20 << 30
    /// More than the 1 MiB that nginx allows by default, less than what Wharf reads of such a body.
    private static let chunkedLength = 4 << 20

    private static let sizeRemedies = (
        nginx: "client_max_body_size 0;", haproxy: "no http-request deny for req.body_size or req.hdr(content-length)"
    )

    /// Only says how much would come: a proxy that limits bodies refuses by that.
    func announcedUpload() async throws(ServiceFailure) -> ProxyFinding {
        let body = HTTPClientRequest.Body.stream(HeldBody(hold: hold, ends: false), length: .known(Self.announcedLength))
        let answer: ServiceAnswer
        do throws(ServiceFailure) {
            answer = try await ask(.PUT, "/v1/images/\(Self.noImage)/layer", body: body)
        } catch {
            // A proxy that takes the body itself, before Wharf sees a byte, waits for the rest: the next check speaks of that.
            return .ok("a layer of 20 GiB is not refused by its size")
        }
        guard answer.isFromWharf else {
            return .problem(
                "a layer of 20 GiB is refused before it reaches Wharf (\(answer.summary))", nginx: Self.sizeRemedies.nginx,
                haproxy: Self.sizeRemedies.haproxy)
        }
        return .ok("a layer of 20 GiB is not refused by its size")
    }

    /// Sends a beginning and waits: Wharf answers at once if it gets the beginning.
    func heldUpload() async throws(ServiceFailure) -> ProxyFinding {
        let start = ContinuousClock.now
        let body = HTTPClientRequest.Body.stream(HeldBody(hold: hold, ends: true), length: .unknown)
        let answer = try await ask(.PUT, "/v1/images/\(Self.noImage)/layer", body: body)
        guard answer.isFromWharf else {
            return .problem(
                "an upload in chunks does not get through (\(answer.summary))", nginx: "proxy_http_version 1.1; \(Self.sizeRemedies.nginx)",
                haproxy: "no http-request deny for transfer-encoding")
        }
        guard ContinuousClock.now - start < hold else {
            return .problem(
                "uploads are gathered by the proxy until they are complete: large ones fill its disk and time out",
                nginx: "proxy_request_buffering off; proxy_http_version 1.1;", haproxy: "no option http-buffer-request")
        }
        return .ok("uploads in chunks are passed on while they arrive")
    }

    /// A body that Wharf reads to its end before it refuses it: a registration that is no JSON.
    func chunkedBody() async throws(ServiceFailure) -> ProxyFinding {
        let body = HTTPClientRequest.Body.stream(BlankBody(length: Self.chunkedLength), length: .unknown)
        let answer: ServiceAnswer
        do throws(ServiceFailure) {
            answer = try await ask(.POST, "/v1/users/", fields: [("Content-Type", "application/json")], body: body)
        } catch .cutOff, .connection {
            // Whoever answers early may close before all was sent, and then the answer is lost at times.
            return .unchecked("a body of 4 MiB in chunks: the connection was closed in its middle")
        }
        guard answer.isFromWharf else {
            return .problem(
                "a body of 4 MiB in chunks does not get through (\(answer.summary))", nginx: Self.sizeRemedies.nginx,
                haproxy: Self.sizeRemedies.haproxy)
        }
        return .ok("a body of 4 MiB in chunks gets through")
    }
}

/// A beginning of 64 KiB, and then nothing for a while.
private struct HeldBody: AsyncSequence, Sendable {
    let hold: Duration
    /// Whether the body is complete after it, or breaks off.
    let ends: Bool

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: HeldBody
        var hasBegun = false

        mutating func next() async throws -> ByteBuffer? {
            guard hasBegun else {
                hasBegun = true
                return ByteBuffer(repeating: 0, count: 64 << 10)
            }
            try await Task.sleep(for: body.hold)
            guard body.ends else { throw CancellationError() }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }
}

/// White space, which is no JSON.
private struct BlankBody: AsyncSequence, Sendable {
    let length: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: Int

        mutating func next() async -> ByteBuffer? {
            guard rest > 0 else { return nil }
            let count = Swift.min(rest, 64 << 10)
            rest -= count
            return ByteBuffer(repeating: 0x20, count: count)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: length) }
}
