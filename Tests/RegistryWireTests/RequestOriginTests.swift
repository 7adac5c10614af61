import Testing

@testable import RegistryWire

@Suite("Who really asks")
struct RequestOriginTests {
    private let proxies = ["10.0.0.0/8", "127.0.0.1", "2001:db8:ffff::/48"].compactMap { AddressBlock($0) }

    /// `client, http(s), host` of a request that reaches Wharf over plain HTTP with `Host: inner:5000`; `contradiction`, or `direct` in
    /// front where no proxy has a say.
    private func origin(
        of fields: [ForwardedFields.Name: String], from peer: String = "10.0.0.1", isSecure: Bool = false, proxies: [AddressBlock]? = nil
    ) -> String {
        guard let address = NetworkAddress(peer) else { return "no address" }
        do {
            let origin = try RequestOrigin(
                peer: address, isSecure: isSecure, host: "inner:5000", fields: ForwardedFields { fields[$0] },
                trustedProxies: proxies ?? self.proxies)
            let facts = "\(origin.client) \(origin.isSecure ? "https" : "http") \(origin.host ?? "-")"
            return origin.isThroughProxy ? facts : "direct \(facts)"
        } catch {
            return "\(error)"
        }
    }

    private let forged: [ForwardedFields.Name: String] = [
        .forwarded: "for=198.51.100.9;proto=https;host=evil.example", .forwardedFor: "198.51.100.9", .forwardedProto: "https",
        .forwardedHost: "evil.example", .forwardedPort: "666",
    ]

    @Test("nobody believes a stranger, and without trusted proxies nothing is even asked for")
    func strangers() throws {
        #expect(origin(of: forged, from: "203.0.113.7") == "direct 203.0.113.7 http inner:5000")
        #expect(origin(of: forged, from: "203.0.113.7", isSecure: true) == "direct 203.0.113.7 https inner:5000")
        #expect(origin(of: forged, from: "::ffff:203.0.113.7") == "direct 203.0.113.7 http inner:5000")
        #expect(origin(of: forged, from: "127.0.0.2") == "direct 127.0.0.2 http inner:5000")
        #expect(origin(of: forged, proxies: []) == "direct 10.0.0.1 http inner:5000")
        var isAsked = false
        func ask() -> ForwardedFields {
            isAsked = true
            return .none
        }
        let peer = try #require(NetworkAddress("10.0.0.1"))
        _ = try RequestOrigin(peer: peer, isSecure: false, host: nil, fields: ask(), trustedProxies: [])
        #expect(!isAsked)
        _ = try RequestOrigin(peer: peer, isSecure: false, host: nil, fields: ask(), trustedProxies: proxies)
        #expect(isAsked)
    }

    @Test("a proxy's word counts, in either kind of fields")
    func oneProxy() {
        #expect(origin(of: [:]) == "direct 10.0.0.1 http inner:5000")
        let said = "203.0.113.7 https hub.example:5443"
        #expect(
            origin(of: [.forwardedFor: "203.0.113.7", .forwardedProto: "https", .forwardedHost: "hub.example:5443"]) == said)
        #expect(origin(of: [.forwarded: #"for=203.0.113.7;proto=https;host="hub.example:5443""#]) == said)
        #expect(
            origin(of: [.forwarded: #"Proto=HTTPS; HOST="hub.example:5443";x=y ;For="203.0.113.7:4711";"#], from: "::ffff:10.9.9.9") == said
        )
        #expect(origin(of: [.forwardedFor: "203.0.113.7"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "203.0.113.7"], isSecure: true) == "203.0.113.7 https inner:5000")
        #expect(origin(of: [.forwardedFor: "203.0.113.7", .forwardedProto: "http"], isSecure: true) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedProto: "https"]) == "10.0.0.1 https inner:5000")
        #expect(origin(of: [.forwarded: "proto=https;host=hub.example"]) == "10.0.0.1 https hub.example")
    }

    @Test(
        "an address may have a port and IPv6 its brackets",
        arguments: [
            ("203.0.113.7:4711", "203.0.113.7"), ("2001:db8::7", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("[::ffff:203.0.113.7]:1", "203.0.113.7"),
            ("\t203.0.113.7 ", "203.0.113.7"),
        ])
    func forms(text: String, expected: String) {
        #expect(origin(of: [.forwardedFor: text]) == "\(expected) http inner:5000")
        #expect(origin(of: [.forwarded: "for=\"\(text.trimmingSpace)\""]) == "\(expected) http inner:5000")
    }

    @Test("the walk goes from the right and ends at the first that is no trusted proxy")
    func chains() {
        #expect(origin(of: [.forwardedFor: "198.51.100.9, 203.0.113.7"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "10.0.0.66, 203.0.113.7, 10.0.0.2"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "198.51.100.9,203.0.113.7,2001:db8:ffff::1,10.0.0.2"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "10.0.0.4, 10.0.0.3"]) == "10.0.0.4 http inner:5000")
        #expect(
            origin(of: [.forwarded: "for=198.51.100.9;proto=https;host=evil, for=203.0.113.7;proto=http;host=hub, for=10.0.0.2;host=mid"])
                == "203.0.113.7 http hub")
        #expect(
            origin(of: [.forwarded: "for=203.0.113.7;proto=https;host=hub, for=10.0.0.2;proto=http;host=mid"]) == "203.0.113.7 https hub")
        #expect(origin(of: [.forwarded: "for=10.0.0.4;host=hub, for=10.0.0.3"]) == "10.0.0.4 http hub")
    }

    @Test("what cannot be read ends the walk, and the last address that could be read counts")
    func malformedChains() {
        for bad in [
            "", "unknown", "_gazonk", "198.51.100.256", "198.51.100.9 198.51.100.10", "198.51.100.9:", "198.51.100.9:99999", "[2001:db8::7",
            "[198.51.100.9]", "198.51.100.9%0", "\"198.51.100.9\"", "for=198.51.100.9", "\0",
        ] {
            #expect(origin(of: [.forwardedFor: bad]) == "10.0.0.1 http inner:5000", "\(bad)")
            #expect(origin(of: [.forwardedFor: "198.51.100.9, \(bad), 10.0.0.2"]) == "10.0.0.2 http inner:5000", "\(bad)")
            #expect(origin(of: [.forwardedFor: "\(bad), 203.0.113.7"]) == "203.0.113.7 http inner:5000", "\(bad)")
        }
        for bad in [
            "", "for", "for=", "=", "for=unknown", "for=_x", "for=2001:db8::7 x", "for=\"203.0.113.9", "for=203.0.113.9\"", "for=\"\\2\"",
            "for=203.0.113.9;for=203.0.113.9", "for=203.0.113.9;proto", "for=203.0.113.9;host=a;host=b", "for==203.0.113.9", "203.0.113.9",
            "for=\"203.\"0.113.9\"", "for = 203.0.113.9", "by=203.0.113.9",
        ] {
            #expect(
                origin(of: [.forwarded: "for=198.51.100.9;host=evil, \(bad), for=10.0.0.2;host=mid"]).hasPrefix("10.0.0.2 http inner"),
                "\(bad)")
            #expect(origin(of: [.forwarded: "\(bad), for=203.0.113.7;host=hub"]) == "203.0.113.7 http hub", "\(bad)")
        }
    }

    @Test("a quotation mark that a client has opened does not swallow what the proxy adds")
    func quotes() {
        for start in ["for=\"", "\"", "x=\"\\", "for=\"1.2.3.4, for=\"", "\"\"\""] {
            #expect(origin(of: [.forwarded: "\(start), for=203.0.113.7;proto=https"]) == "203.0.113.7 https inner:5000", "\(start)")
        }
        #expect(origin(of: [.forwarded: "for=198.51.100.9, x=\"a, for=198.51.100.9\";for=203.0.113.7"]) == "203.0.113.7 http inner:5000")
    }

    @Test("of a list of schemes or hosts, as many count as proxies have spoken, and they must agree")
    func lists() {
        #expect(origin(of: [.forwardedFor: "203.0.113.7", .forwardedProto: "https, http"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "203.0.113.7", .forwardedHost: "evil, hub"]) == "203.0.113.7 http hub")
        let two = "203.0.113.7, 10.0.0.2"
        #expect(origin(of: [.forwardedFor: two, .forwardedProto: "https"]) == "203.0.113.7 https inner:5000")
        #expect(origin(of: [.forwardedFor: two, .forwardedProto: "https, https"]) == "203.0.113.7 https inner:5000")
        #expect(origin(of: [.forwardedFor: two, .forwardedProto: "https, http"], isSecure: true) == "203.0.113.7 https inner:5000")
        #expect(origin(of: [.forwardedFor: two, .forwardedProto: "https, http"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: two, .forwardedHost: "evil, hub, hub"]) == "203.0.113.7 http hub")
        #expect(origin(of: [.forwardedFor: two, .forwardedHost: "evil, hub"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: two, .forwardedHost: "hub, e vil"]) == "203.0.113.7 http inner:5000")
    }

    @Test("schemes and hosts that are none are not believed")
    func values() {
        for bad in ["", "ftp", "https ,", "http/1.1", "on", "\"https\""] {
            #expect(origin(of: [.forwardedProto: bad], isSecure: true) == "10.0.0.1 https inner:5000", "\(bad)")
        }
        for bad in ["", "a b", "a/b", "user@a", "a\r\nX: y", "a:0", "http://a", "a:80:80", "a%2f", "ä"] {
            #expect(origin(of: [.forwardedHost: bad]) == "10.0.0.1 http inner:5000", "\(bad)")
            #expect(origin(of: [.forwarded: "for=203.0.113.7;host=\"\(bad)\""]) == "203.0.113.7 http inner:5000", "\(bad)")
        }
    }

    @Test("a port completes a forwarded host and nothing else")
    func ports() {
        #expect(origin(of: [.forwardedHost: "hub", .forwardedPort: "8443", .forwardedProto: "https"]) == "10.0.0.1 https hub:8443")
        #expect(origin(of: [.forwardedHost: "hub", .forwardedPort: "443", .forwardedProto: "https"]) == "10.0.0.1 https hub")
        #expect(origin(of: [.forwardedHost: "hub", .forwardedPort: "80"]) == "10.0.0.1 http hub")
        #expect(origin(of: [.forwardedHost: "[2001:db8::1]", .forwardedPort: "81"]) == "10.0.0.1 http [2001:db8::1]:81")
        #expect(origin(of: [.forwardedHost: "hub:1", .forwardedPort: "2"]) == "10.0.0.1 http hub:1")
        #expect(origin(of: [.forwardedPort: "8443"]) == "10.0.0.1 http inner:5000")
        for bad in ["0", "65536", "x", "-1", "80 80", "080", ""] {
            #expect(origin(of: [.forwardedHost: "hub", .forwardedPort: bad]) == "10.0.0.1 http hub", "\(bad)")
        }
    }

    @Test("if both kinds of fields are there, they must name the same client, and only what both say counts")
    func contradictions() {
        let x: [ForwardedFields.Name: String] = [.forwardedFor: "203.0.113.7", .forwardedProto: "https", .forwardedHost: "hub"]
        for forwarded in ["for=198.51.100.9", "for=198.51.100.9, for=10.0.0.2", "proto=http", "for=unknown", "", "garbage", "for=10.0.0.1"]
        {
            #expect(origin(of: x.merging([.forwarded: forwarded]) { $1 }) == "contradiction", "\(forwarded)")
        }
        let and = { (forwarded: String) in x.merging([.forwarded: forwarded]) { $1 } }
        #expect(origin(of: and("for=203.0.113.7;proto=https;host=hub")) == "203.0.113.7 https hub")
        #expect(origin(of: and("for=203.0.113.7;proto=http;host=evil")) == "203.0.113.7 http inner:5000")
        #expect(origin(of: and("for=203.0.113.7")) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwarded: "for=203.0.113.7;proto=https", .forwardedProto: "https"]) == "contradiction")
        #expect(origin(of: forged) == "198.51.100.9 https inner:5000")
    }

    @Test("behind a proxy that appends, nothing that a client sends changes who it is or where links lead")
    func forgeries() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "for=", "10.0.0.1", "198.51.100.9", "unknown", "\"", "\\", ",", ", ", ";", "=", "proto=https", "host=evil.example",
            "evil.example",
            "[::1]", "127.0.0.1", ":80", " ", "\t", "%0d%0a", "https", "ä", "\u{301}", "_x", "2001:db8:ffff::1", "",
        ]
        for _ in 0..<4000 {
            let junk = (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            #expect(
                origin(of: [.forwardedFor: "\(junk), 203.0.113.7", .forwardedProto: "http", .forwardedHost: "hub"])
                    == "203.0.113.7 http hub",
                "\(junk.debugDescription)")
            #expect(
                origin(of: [.forwarded: "\(junk), for=203.0.113.7;proto=http;host=hub"]) == "203.0.113.7 http hub",
                "\(junk.debugDescription)")
            #expect(
                origin(of: [.forwardedFor: "\(junk), 203.0.113.7, 10.0.0.2", .forwardedHost: "\(junk), hub, hub"])
                    == "203.0.113.7 http hub",
                "\(junk.debugDescription)")
            // A field of the kind that the proxy does not write reaches Wharf untouched: it may turn its sender away, and nothing else.
            let mixed = origin(of: [.forwarded: junk, .forwardedFor: "203.0.113.7", .forwardedProto: "http", .forwardedHost: "hub"])
            #expect(["contradiction", "203.0.113.7 http inner:5000"].contains(mixed), "\(junk.debugDescription)")
        }
    }

    @Test("a chain of any length takes a bounded time")
    func bounds() {
        let proxies = [String](repeating: "10.0.0.9", count: 20_000).joined(separator: ", ")
        #expect(origin(of: [.forwardedFor: "198.51.100.9, \(proxies)"]) == "10.0.0.9 http inner:5000")
        #expect(origin(of: [.forwarded: String(repeating: "for=10.0.0.9,", count: 20_000) + "for=10.0.0.8"]) == "10.0.0.9 http inner:5000")
        #expect(origin(of: [.forwarded: String(repeating: "\"", count: 200_001)]) == "10.0.0.1 http inner:5000")
        let hops = [String](repeating: "10.0.0.9", count: RequestOrigin.hopLimit - 1).joined(separator: ", ")
        #expect(origin(of: [.forwardedFor: "203.0.113.7, \(hops)"]) == "203.0.113.7 http inner:5000")
        #expect(origin(of: [.forwardedFor: "203.0.113.7, 10.0.0.9, \(hops)"]) == "10.0.0.9 http inner:5000")
    }
}

extension String {
    fileprivate var trimmingSpace: Substring { self[...].trimmedOfSpace }
}
