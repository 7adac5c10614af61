import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import NIOCore
import RegistryWire

/// The one thing of the index that a person's browser asks for. A page with a button, because programs that scan mails follow links.
extension V1Exchange {
    func confirmPage(_ user: String) throws -> Response {
        let link = try confirmationLink(user)
        return page(
            title: "Confirm your address", text: "\(link.email.text) will be the address of \(link.user).",
            form: "<form method=\"post\"><button>Confirm</button></form>")
    }

    func confirm(_ user: String) async throws -> Response {
        let link = try confirmationLink(user)
        try await registry.confirm(link.email, of: link.user)
        return page(title: "Confirmed", text: "\(link.user) can log in now.")
    }

    private func confirmationLink(_ user: String) throws -> ConfirmationLink {
        guard let query = RequestQuery(of: target),
            let link = ConfirmationLink(user: user, query, signedBy: server.links, at: registry.now())
        else { throw V1Refusal.confirmationInvalid }
        return link
    }

    private func page(title: String, text: String, form: String = "") -> Response {
        let text = text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            default: escaped.append(character)
            }
        }
        return reply(
            ByteBuffer(
                string: """
                    <!doctype html>
                    <html lang="en">
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width">
                    <title>\(title)</title>
                    <style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 20vh auto; padding: 0 1rem }</style>
                    <h1>\(title)</h1>
                    <p>\(text)</p>
                    \(form)

                    """),
            adding: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
                .referrerPolicy: "no-referrer",
            ])
    }
}
