import Credentials
import FoundationEssentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import Logging
import RegistryWire

extension V1Exchange {
    /// The order of the rules is the document's and the engines': a taken name gets the reply with which engines go on to log in, before any
    /// other rule is looked at; where nobody may register, every name is taken, so that nobody learns which really are.
    func register() async throws -> Response {
        let fields = try await userFields()
        guard case .accounts = access.authority, !configuration.isReadOnly() else { throw V1Refusal.nameTaken }
        let name = fields.username.flatMap { UserName($0) }
        let email = fields.email.flatMap { EmailAddress($0) }
        guard try await !registry.isTaken(name: name, email: email) else { throw V1Refusal.nameTaken }
        switch access.registration.admission {
        case .open: break
        case .closed: throw V1Refusal.nameTaken
        case .invitation:
            guard let code = fields.invitation, let email, try await registry.isInvited(email, by: code) else {
                throw V1Refusal.nameTaken
            }
        }
        guard let name else { throw V1Refusal.registrationInvalid(Self.nameRule) }
        guard let email else { throw V1Refusal.registrationInvalid(Self.emailRule) }
        guard let password = fields.password.flatMap({ NewPassword($0) }) else { throw V1Refusal.registrationInvalid(Self.passwordRule) }
        registered.set(name.text)
        let hash = try await hash(password)
        try await registry.register(
            name, email: email, passwordHash: hash, state: access.registration.activation.initialState,
            confirmsEmail: !access.registration.activation.isByMail,
            invitation: access.registration.admission == .invitation ? fields.invitation : nil)
        do {
            try await sendLink(to: email, of: name)
        } catch {
            try await registry.withdrawRegistration(of: name)
            throw error
        }
        return reply("\"User Created\"", status: .created)
    }

    /// Adds an address and sets the password, whichever is given (Docker Hub API, "Update user").
    func updateUser(_ text: String) async throws -> Response {
        let fields = try await userFields()
        if access.isOpen { return reply(status: .noContent) }
        guard case .accounts = access.authority else { throw AccessRefusal.permissionDenied }
        guard let name = UserName(text) else { throw RegistryError.userUnknown }
        let email = try fields.email.flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let email = EmailAddress(text) else { throw V1Refusal.registrationInvalid(Self.emailRule) }
            return email
        }
        let hash: PasswordHash?
        if let text = fields.password {
            guard let password = NewPassword(text) else { throw V1Refusal.registrationInvalid(Self.passwordRule) }
            hash = try await self.hash(password)
        } else {
            hash = nil
        }
        do {
            try await registry.update(
                name, email: email, passwordHash: hash, confirmsEmail: !access.registration.activation.isByMail)
        } catch RegistryError.nameTaken {
            throw V1Refusal.nameTaken
        }
        if let email { try await sendLink(to: email, of: name) }
        return reply(status: .noContent)
    }

    private func hash(_ password: NewPassword) async throws -> PasswordHash {
        do {
            return try await access.checker.hash(password.text)
        } catch is PasswordChecker.Busy {
            throw AccessRefusal.tooManyLogins
        }
    }

    /// - Throws: ``V1Refusal/mailFailed``, and the log has why.
    private func sendLink(to email: EmailAddress, of name: UserName) async throws {
        guard case .mail(let send, let linkLife, let externalURL) = access.registration.activation else { return }
        let link = ConfirmationLink(user: name, email: email, expiresAt: registry.now() + linkLife)
        do {
            try await send(
                ConfirmationMail(
                    to: email, user: name.text, link: externalURL + link.path(signedBy: server.links), linkLife: linkLife))
        } catch {
            server.logger.error("confirmation mail not sent", metadata: ["id": "\(id)", "user": "\(name)", "error": "\(error)"])
            throw V1Refusal.mailFailed
        }
    }

    /// - Throws: ``V1Refusal`` unless the body is a JSON object of the users' kind; every field may be missing.
    private func userFields() async throws -> UserFields {
        let bytes = try await body(upTo: configuration.requestBodySize)
        do {
            return try JSONDecoder().decode(UserFields.self, from: Data(bytes))
        } catch DecodingError.dataCorrupted {
            throw V1Refusal.notJSON
        } catch {
            throw V1Refusal.invalidData
        }
    }

    private struct UserFields: Decodable {
        let username: String?
        let password: String?
        let email: String?
        let invitation: String?
    }

    private static let nameRule = "Invalid username: 4 to 30 of a-z, 0-9 and _, and no reserved word"
    private static let emailRule = "Invalid email"
    private static let passwordRule =
        "Invalid password: \(NewPassword.lengths.lowerBound) to \(NewPassword.lengths.upperBound) characters"
}

extension Registration.Activation {
    fileprivate var isByMail: Bool { if case .mail = self { true } else { false } }

    fileprivate var initialState: UserState {
        switch self {
        case .atOnce: .active
        case .administrator, .mail: .unconfirmed
        }
    }
}
