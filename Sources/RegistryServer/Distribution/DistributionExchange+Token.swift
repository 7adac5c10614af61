import HTTPTransport

extension DistributionExchange {
    func token() async throws -> Response { throw DistributionRefusal.unknownPath }
    func grantToken() async throws -> Response { throw DistributionRefusal.unknownPath }
    func tokenKeys() async throws -> Response { throw DistributionRefusal.unknownPath }
}
