import Testing

@testable import RegistryWire

@Suite("Addresses and blocks of them")
struct NetworkAddressTests {
    @Test(
        "an address has one canonical text, however it was written",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("1::", "1::"), ("2001:DB8::A", "2001:db8::a"), ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("0:0:0:0:0:FFFF:c000:0201", "192.0.2.1"), ("::192.0.2.1", "::c000:201"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ])
    func canonical(text: String, expected: String) {
        #expect(NetworkAddress(text)?.text == expected)
        #expect(NetworkAddress(expected) == NetworkAddress(text))
    }

    @Test(
        "what is no address, or could be read in two ways, is refused",
        arguments: [
            "", " ", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.010", "0x7f.0.0.1", "2130706433",
            "127.1",
            "1.2.3.4 ", " 1.2.3.4", "1.2.3.4:80", "1.2.3.-4", "+1.2.3.4", "1.2.3.1000", "١.2.3.4", ":", ":::", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1::2::3", "::1::", "12345::", "g::", "::1%eth0", "fe80::1%1", "[::1]", "::1/128", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            ":1::2",
            "1::2:", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "localhost", "unknown", "_hidden",
            "1.2.3.4\0",
            "::ffff:1.2.3.4.5", "0000:0000:0000:0000:0000:0000:0000:00001",
        ])
    func refused(text: String) {
        #expect(NetworkAddress(text) == nil)
        #expect(AddressBlock(text.contains("/") ? "[" : text) == nil)
    }

    @Test("only loopback addresses are loopback")
    func loopback() {
        for text in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] { #expect(NetworkAddress(text)?.isLoopback == true) }
        for text in ["128.0.0.1", "126.255.255.255", "::", "::2", "::127.0.0.1", "7f00::1"] {
            #expect(NetworkAddress(text)?.isLoopback == false)
        }
    }

    @Test("octets of a socket address are read, others are not")
    func octets() {
        #expect(NetworkAddress(octets: [192, 0, 2, 1])?.text == "192.0.2.1")
        #expect(NetworkAddress(octets: [UInt8](repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1])?.text == "192.0.2.1")
        #expect(NetworkAddress(octets: [0x20, 1] + [UInt8](repeating: 0, count: 13) + [9])?.text == "2001::9")
        for count in [0, 3, 5, 15, 17, 1000] { #expect(NetworkAddress(octets: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test("every text of a random address reads back as that address")
    func roundTrip() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            // Sparse, so that runs of zeros of every length occur.
            let bits = UInt128.random(in: 0 ... .max, using: &generator) & UInt128.random(in: 0 ... .max, using: &generator)
            let groups: UInt128 = (0..<8).reduce(0) { sum, _ in sum << 16 | (Bool.random() ? 0xffff : 0) }
            let address = NetworkAddress(bits: bits & groups)
            #expect(NetworkAddress(address.text) == address)
        }
    }

    @Test(
        "a block is written in one way",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3"), ("10.1.2.3/32", "10.1.2.3"), ("0.0.0.0/0", "0.0.0.0/0"),
            ("::/0", "::/0"),
            ("::1/128", "::1"), ("2001:DB8::/32", "2001:db8::/32"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:0:0/96", "0.0.0.0/0"),
        ])
    func blocks(text: String, expected: String) {
        #expect(AddressBlock(text)?.text == expected)
    }

    @Test(
        "a block with bits behind its length, or written otherwise, is refused",
        arguments: [
            "10.1.2.3/8", "10.0.0.1/31", "0.0.0.1/0", "::1/127", "2001:db8::1/32", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8",
            "10.0.0.0/08", "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.0 /8", "10/8", "fe80::%1/10",
            "::ffff:10.0.0.0/8",
            "::ffff:0:0/95", "10.0.0.0/8,", "10.0.0.0/99999999999999999999", "*", "all",
        ])
    func refusedBlocks(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test("a block holds what begins with its bits, of its own family")
    func contains() throws {
        let cases: [(String, inside: [String], outside: [String])] = [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"], ["9.255.255.255", "11.0.0.0", "::a00:1", "a00::"]),
            ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
            ("192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
            ("::/0", ["::1", "ffff::"], ["127.0.0.1", "::ffff:127.0.0.1"]),
            ("2001:db8::/33", ["2001:db8::1", "2001:db8:7fff::"], ["2001:db8:8000::", "2001:db9::"]),
        ]
        for (text, inside, outside) in cases {
            let block = try #require(AddressBlock(text))
            for address in inside { #expect(block.contains(try #require(NetworkAddress(address))), "\(text) \(address)") }
            for address in outside { #expect(!block.contains(try #require(NetworkAddress(address))), "\(text) \(address)") }
        }
    }

    @Test("a host with a port is read, and written as it was")
    func authorities() {
        for (text, host, port) in [
            ("registry.example.com", "registry.example.com", nil), ("Registry:5000", "Registry", 5000), ("192.0.2.1:1", "192.0.2.1", 1),
            ("[2001:db8::1]", "2001:db8::1", nil), ("[::1]:65535", "::1", 65_535), ("a_b-c.d.:80", "a_b-c.d.", 80),
        ] as [(String, String, Int?)] {
            let authority = Authority(text)
            #expect(authority?.host == host)
            #expect(authority?.port == port)
            #expect(authority?.text == text)
        }
        #expect(Authority("[::1]")?.with(port: 80).text == "[::1]:80")
        let longest = [String(repeating: "a", count: 63), String(repeating: "b", count: 63), String(repeating: "c", count: 63)]
        #expect(Authority((longest + [String(repeating: "d", count: 61)]).joined(separator: ".")) != nil)
        #expect(Authority((longest + [String(repeating: "d", count: 62)]).joined(separator: ".")) == nil)
    }

    @Test(
        "what is more or less than a host with a port is refused",
        arguments: [
            "", ":", ":80", "a:", "a:0", "a:65536", "a:080", "a:-1", "a:80:80", "a b", "a\r\nSet-Cookie: x", "a\n", "a/", "a/b", "user@a",
            "a?b",
            "a#b", "a\\b", "a%20b", "a%00", "\0", "a,b", "a;b", "\"a\"", "<a>", "a..b", ".a", ".", "-a", "a-", "a.-b", "[::1", "::1",
            "[::1]80",
            "[::1]:", "[127.0.0.1]", "[]", "[::1%1]", "[v1.a]", "ä.example", "a{b}", "a'b", "a$b", "https://a", "*",
        ])
    func refusedAuthorities(text: String) {
        #expect(Authority(text) == nil)
    }
}
