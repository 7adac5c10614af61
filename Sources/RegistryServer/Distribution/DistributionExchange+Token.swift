import HTTPTransport
import HTTPTypes
import NIOCore
import RegistryWire

/// Access tokens; of another token server's nothing is here.
extension DistributionExchange {
    func token() async throws -> Response {
        reply(try await tokenEndpoint().answer(RequestQuery(of: incoming.target), authorization: headers[.authorization]))
    }

    func grantToken() async throws -> Response {
        let endpoint = try tokenEndpoint()
        let form: [UInt8]?
        do {
            form = Array(buffer: try await incoming.request.body.collect(upTo: TokenGrantRequest.lengthLimit))
        } catch RequestBodyError.tooLarge {
            form = nil
        }
        return reply(try await endpoint.answer(form: form))
    }

    func tokenKeys() async throws -> Response { reply(try await tokenEndpoint().keys()) }

    private func tokenEndpoint() throws -> TokenEndpoint {
        guard server.authenticator.tokens.areIssued else { throw DistributionRefusal.unknownPath }
        return TokenEndpoint(
            registry: registry, authenticator: server.authenticator, gate: server.gate, origin: incoming.origin,
            certificate: incoming.certificate)
    }

    private func reply(_ answer: TokenEndpoint.Answer) -> Response {
        holder.set(answer.caller, claim: answer.claim)
        return reply(ByteBuffer(bytes: answer.body), status: answer.status, adding: answer.fields)
    }
}
