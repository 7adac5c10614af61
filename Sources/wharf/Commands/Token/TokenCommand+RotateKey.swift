import AccessTokens
import ArgumentParser
import ImageRegistry

extension TokenCommand {
    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key to sign tokens with.",
            discussion: """
                The server does so itself after `tokens.key_life`. What older keys have signed is good until it expires (`tokens.access_life`). \
                Refresh tokens are not signed with these keys, and stay.
                """)

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.change("token.rotate-key", "tokens") { registry in
                let key = SigningKey(createdAt: registry.now())
                try await registry.addSigningKey(kid: key.kid, privateKey: key.rawRepresentation)
                return .done("tokens are signed with the key \(key.kid) from now on")
            }
        }
    }
}
