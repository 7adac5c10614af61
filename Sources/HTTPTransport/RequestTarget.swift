import HTTPTypes

/// A request target, brought to origin form (RFC 9112 §3.2).
struct RequestTarget {
    var path: String
    var authority: String?

    init(path: String, authority: String? = nil) {
        self.path = path
        self.authority = authority
    }

    /// - Parameter requiresHost: whether the `Host` field may not be missing: HTTP/1.1.
    init(_ target: String, method: HTTPRequest.Method, host: String?, requiresHost: Bool) throws(TransportRefusal.Reason) {
        if let host {
            guard Self.isAuthority(host[...]) else { throw .invalidHost }
        } else if requiresHost {
            throw .invalidHost
        }
        // "#" never belongs to a target, and nothing but visible ASCII does.
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else { throw .invalidTarget }
        if target.utf8.first == 0x2F || (target == "*" && method == .options) {
            self.init(path: target, authority: host)
            return
        }
        // Absolute form: its authority stands in for the Host field, whatever that says (RFC 9112 §3.2.2).
        guard let schemeEnd = target.utf8.firstIndex(of: 0x3A) else { throw .invalidTarget }
        let scheme = target[..<schemeEnd]
        guard ASCII.equal(scheme, "http") || ASCII.equal(scheme, "https"), target[schemeEnd...].hasPrefix("://") else {
            throw .invalidTarget
        }
        let rest = target[schemeEnd...].dropFirst(3)
        let authorityEnd = rest.utf8.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
        guard Self.isAuthority(rest[..<authorityEnd]) else { throw .invalidTarget }
        let path = rest[authorityEnd...]
        self.init(path: path.utf8.first == 0x2F ? String(path) : "/\(path)", authority: String(rest[..<authorityEnd]))
    }

    /// Whether this can be a host with or without a port: no user, no path, nothing but what a name or address is made of. Lenient within
    /// that.
    private static func isAuthority(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true  // digits, letters
                case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x3A, 0x5B, 0x5D: true  // - . _ ~ % : [ ]
                case 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D: true  // ! $ & ' ( ) * + , ; =
                default: false
                }
            }
    }
}
