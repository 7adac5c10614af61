public struct ClientCertificate: Sendable { public let commonName: String? }
public struct ConnectionFacts: Sendable {
    public let isSecure: Bool
    public let clientCertificate: ClientCertificate?
}
extension RequestContext { public var connection: ConnectionFacts { ConnectionFacts(isSecure: false, clientCertificate: nil) } }
extension ImmediateRequest { public var connection: ConnectionFacts { ConnectionFacts(isSecure: false, clientCertificate: nil) } }
