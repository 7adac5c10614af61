import Credentials
import ImageModel
import RegistryWire

/// The link by which somebody shows that an e-mail address is theirs: signed, and good for a while.
struct ConfirmationLink: Hashable, Sendable {
    let user: UserName
    let email: EmailAddress
    /// Seconds since 1970.
    let expiresAt: Int64

    func path(signedBy signer: Signer) -> String {
        let address = email.text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + Hex.encode([byte])
            }
        }.joined()
        let signature = Base64URL.encode(signer.sign(signed))
        return "\(IndexRoute.confirmPage(user.text).path)?address=\(address)&expires=\(expiresAt)&signature=\(signature)"
    }

    /// Nil unless the query is one that ``path(signedBy:)`` has made, for this user and still good.
    init?(user: String, _ query: RequestQuery, signedBy signer: Signer, at time: Int64) {
        guard let user = UserName(user), let email = query["address"].flatMap({ EmailAddress($0) }),
            let expiresAt = query["expires"].flatMap({ Int64($0) }), let signature = query["signature"].flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(user: user, email: email, expiresAt: expiresAt)
        guard signer.isValid(signature, for: signed), time < expiresAt else { return nil }
    }

    init(user: UserName, email: EmailAddress, expiresAt: Int64) {
        self.user = user
        self.email = email
        self.expiresAt = expiresAt
    }

    private var signed: [UInt8] { Array("\(user)\n\(email.folded)\n\(expiresAt)".utf8) }
}
