import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// Makes of a stream's frames what the HTTP/1 parser makes of bytes, so that one handler serves both.
///
/// The frames' own rules (pseudo-header fields, names in lower case, nothing about the connection, RFC 9113 §8.2, §8.3) were checked
/// before. A body whose length was not announced is marked as HTTP/1.1 does it, by `transfer-encoding: chunked`, which cannot come from
/// the peer; whoever answers the request does not see it.
final class HTTP2RequestDecoder: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTPServerRequestPart

    private let handler: ConnectionHandler
    private let maximumFields: Int
    private var hasHead = false
    /// What came in one read of a body, which the protocol cuts into frames of 16 KiB: a handler is better woken once for all of them.
    private var gathered = ByteBuffer()
    private static let gatheredAtMost = 256 << 10

    init(for handler: ConnectionHandler, maximumFields: Int) {
        self.handler = handler
        self.maximumFields = maximumFields
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let block):
            if !hasHead {
                hasHead = true
                if block.headers.count > maximumFields + 4 {
                    context.fireErrorCaught(HTTPParserError.headerOverflow)
                } else {
                    let head = HTTPRequestHead(block.headers, endsRequest: block.endStream)
                    context.fireChannelRead(wrapInboundOut(.head(head)))
                }
            }
            // Other fields behind the body are trailers: ignored, as over HTTP/1.1.
            if block.endStream { end(context) }
        case .data(let piece):
            if case .byteBuffer(let bytes) = piece.data { gather(bytes, context) }
            if piece.endStream { end(context) }
        case .windowUpdate:
            handler.progress.windowUpdates &+= 1
        default:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passOn(context)
        context.fireChannelReadComplete()
    }

    private func gather(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        if gathered.readableBytes + bytes.readableBytes > Self.gatheredAtMost { passOn(context) }
        if gathered.readableBytes == 0 {
            gathered = bytes
        } else {
            gathered.writeImmutableBuffer(bytes)
        }
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard gathered.readableBytes > 0 else { return }
        let bytes = gathered
        gathered = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(.body(bytes)))
    }

    private func end(_ context: ChannelHandlerContext) {
        passOn(context)
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
}

extension HTTPRequestHead {
    /// - Parameter endsRequest: whether no body follows.
    init(_ block: HPACKHeaders, endsRequest: Bool) {
        var method = ""
        var path: String?
        var authority: String?
        var fields: [(String, String)] = []
        fields.reserveCapacity(block.count)
        var cookies: [String] = []
        var hasLength = false
        for (name, value, _) in block {
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": authority = value
            case ":scheme", ":protocol": break
            case "cookie": cookies.append(value)
            default:
                if name == "content-length" { hasLength = true }
                fields.append((name, value))
            }
        }
        if let authority {
            // Both may stand there if they agree (RFC 9113 §8.3.1); two that differ are refused further on, as two `Host` fields.
            fields.removeAll { $0.0 == "host" && $0.1 == authority }
            fields.append(("host", authority))
        }
        // A cookie may come in several fields (RFC 9113 §8.2.3).
        if !cookies.isEmpty { fields.append(("cookie", cookies.joined(separator: "; "))) }
        if !endsRequest, !hasLength { fields.append(("transfer-encoding", "chunked")) }
        // CONNECT has no path: its target is the authority.
        self.init(
            version: HTTPVersion(major: 2, minor: 0), method: HTTPMethod(rawValue: method), uri: path ?? authority ?? "",
            headers: HTTPHeaders(fields))
    }
}
