/// A public key as RFC 7517 writes it. Numbers are big-endian bytes; nil for what is not there.
public struct JSONWebKey: Sendable, Equatable {
    public let kty: String
    public let kid: String?
    /// The name of the curve, and the point.
    public let crv: String?
    public let x: [UInt8]?
    public let y: [UInt8]?
    /// Modulus and exponent of RSA.
    public let n: [UInt8]?
    public let e: [UInt8]?

    public init(
        kty: String, kid: String? = nil, crv: String? = nil, x: [UInt8]? = nil, y: [UInt8]? = nil, n: [UInt8]? = nil, e: [UInt8]? = nil
    ) {
        self.kty = kty
        self.kid = kid
        self.crv = crv
        self.x = x
        self.y = y
        self.n = n
        self.e = e
    }
}

extension JSONWebKey {
    /// Nil without a kind, and for a kid of another type, which is not the same as none.
    init?(_ members: RawObject) {
        guard let kty = members.text("kty") else { return nil }
        let kid = members.text("kid")
        guard kid != nil || members["kid"] == nil else { return nil }
        func number(_ name: String) -> [UInt8]? { members.text(name).flatMap { Base64URL.decode($0) } }
        self.init(
            kty: kty, kid: kid, crv: members.text("crv"), x: number("x"), y: number("y"), n: number("n"), e: number("e"))
    }
}
