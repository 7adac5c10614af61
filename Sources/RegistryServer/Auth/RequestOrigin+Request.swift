import HTTPTransport
import HTTPTypes
import NIOCore
import RegistryWire

extension RequestOrigin {
    /// - Throws: ``RequestOrigin/Refusal``.
    init(_ request: Request, _ context: RequestContext, trustedProxies: [AddressBlock]) throws(Refusal) {
        let headers = request.head.headerFields
        try self.init(
            peer: context.remoteAddress.flatMap(NetworkAddress.init) ?? .unspecified, isSecure: context.connection.isSecure,
            host: request.head.authority,
            fields: ForwardedFields { name in HTTPField.Name(name.rawValue).flatMap { headers[$0] } }, trustedProxies: trustedProxies)
    }

    /// Whether the client sits on this machine: nobody can listen between.
    var isLocal: Bool { client.isLoopback && !isThroughProxy }
}

extension NetworkAddress {
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }
}
