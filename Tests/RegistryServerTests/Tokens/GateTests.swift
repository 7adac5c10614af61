import RegistryWire
import Testing

@testable import RegistryServer

@Suite("Secrets in the body of a request")
struct GateTests {
    private static func gate(_ authority: AccessConfiguration.Authority, takesCleartextCredentials: Bool = false) -> Gate {
        Gate(
            AccessConfiguration(
                authority: authority, tokenKey: TestServer.tokenKey, takesCleartextCredentials: takesCleartextCredentials,
                checker: TestServer.checker, throttle: TestServer.throttle))
    }

    private static func origin(_ address: String, isSecure: Bool) throws -> RequestOrigin {
        try RequestOrigin(
            peer: try #require(NetworkAddress(address)), isSecure: isSecure, host: "registry.test", fields: ForwardedFields { _ in nil },
            trustedProxies: [])
    }

    @Test("they are not taken over plain HTTP from another host, unless the operator says so")
    func cleartext() throws {
        let gate = Self.gate(.accounts)
        let plain = try Self.origin("192.0.2.1", isSecure: false)
        #expect(throws: AccessRefusal.cleartextCredentials) { try gate.checkSecret(from: plain) }
        try gate.checkSecret(from: try Self.origin("192.0.2.1", isSecure: true))
        try gate.checkSecret(from: try Self.origin("127.0.0.1", isSecure: false))
        try Self.gate(.accounts, takesCleartextCredentials: true).checkSecret(from: plain)
        try Self.gate(.none).checkSecret(from: plain)
    }
}
