import Credentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import Logging
import NIOCore
import RegistryWire

/// The v1 dialect's error table. The texts are those of docker-registry where engines compare or show them (v1.md §2.2–2.5, 3.6).
extension V1Exchange {
    func answer(to error: any Error) -> Response {
        switch error {
        case let error as RegistryError: return refuse(Self.row(for: error))
        case let error as AccessRefusal: return refuse(Self.row(for: error), adding: Self.fields(for: error))
        case let error as V1Refusal where error != .nameTaken: return refuse(Self.row(for: error), adding: Self.fields(for: error))
        case let error as RequestBodyError:
            return refuse((.badRequest, error.isCutOff ? "The body was cut off" : "The body is malformed"))
        case is Turnstile.Full: return refuse(Self.row(for: AccessRefusal.tooBusy), adding: Self.fields(for: AccessRefusal.tooBusy))
        case V1Refusal.nameTaken: return reply(Self.nameIsTaken, status: .badRequest)
        case is CancellationError: return refuse((.serviceUnavailable, "The server is stopping"))
        default:
            server.logger.error("request failed", metadata: ["id": "\(id)", "error": "\(String(reflecting: error))"])
            return refuse((.internalServerError, "Internal server error; the log has it under request \(id)"))
        }
    }

    private func refuse(_ row: (status: HTTPResponse.Status, text: String), adding more: HTTPFields = [:]) -> Response {
        reply(V1Answers.error(row.text), status: row.status, adding: more)
    }

    /// Engines compare these 34 bytes, quotes included, and go on to the login (v1.md §5.1).
    private static let nameIsTaken = "\"Username or email already exists\""

    private static func row(for error: RegistryError) -> (HTTPResponse.Status, String) {
        switch error {
        case .imageUnknown: (.notFound, "Image not found")
        case .imageBeingUploaded: (.badRequest, "Image is being uploaded, retry later")
        case .imageExists: (.conflict, "Image already exists")
        case .imageAmbiguous:
            (.conflict, "This id means different images in several repositories: send the token of one of them (X-Docker-Token)")
        case .repositoryNotNamed: (.forbidden, "Permission denied")
        case .imageReplaced: (.conflict, "Another push has begun this image anew, retry")
        case .imageDocumentInvalid(.notJSON): (.badRequest, "Invalid JSON")
        case .imageDocumentInvalid(.noID): (.badRequest, "Missing key `id' in JSON")
        case .imageDocumentInvalid(.invalidID), .imageIDMismatch: (.badRequest, "JSON data contains invalid id")
        case .imageDocumentInvalid(.invalidParent): (.badRequest, "JSON data contains invalid parent")
        case .parentUnknown: (.badRequest, "Image depends on a non existing parent")
        case .ancestryTooLong(let limit): (.badRequest, "The image has more than \(limit - 1) ancestors")
        case .layerMissing: (.badRequest, "The image has no layer yet: PUT the layer before the checksum")
        case .layerTooLarge(let limit): (.contentTooLarge, "The layer is larger than \(limit) bytes")
        case .layerExpandsTooFar(let limit): (.contentTooLarge, "The layer unpacks to more than \(limit) bytes")
        case .layerNeedsTooMuchMemory(let limit): (.contentTooLarge, "Unpacking the layer takes more than \(limit) bytes of memory")
        case .layerNotListable: (.badRequest, "Layer format not supported")
        case .checksumMissing: (.badRequest, "Missing Image's checksum")
        case .checksumUnsupported: (.badRequest, "Checksum algorithm not supported")
        case .checksumMismatch: (.badRequest, "Checksum mismatch")
        case .checksumSettled: (.conflict, "Cannot set this image checksum")
        case .repositoryUnknown: (.notFound, "Repository not found")
        case .tagUnknown: (.notFound, "Tag not found")
        case .nameTaken: (.badRequest, "Username or email already exists")
        case .userUnknown: (.notFound, "User not found")
        case .keyUnknown: (.notFound, "API key not found")
        case .organizationUnknown: (.notFound, "Organization not found")
        case .organizationInUse: (.conflict, "The organization has repositories")
        case .invitationUnknown: (.badRequest, "The invitation is not known, or is over")
        case .tagImmutable(let tag): (.conflict, "Tag \(tag) is immutable: it can be neither moved nor deleted")
        case .removalUnderway: (.serviceUnavailable, "These bytes are being swept away just now, send them again")
        case .conversionRefused(let reason, let face): (.badRequest, "The image cannot be shown as \(face.words): \(reason)")
        // What only v2 can be refused.
        case .blobUnknown, .blobTooLarge, .blobInUse, .digestMismatch, .uploadUnknown, .uploadBusy, .uploadOutOfOrder, .lengthMismatch,
            .tooManyUploads, .manifestUnknown, .manifestInvalid, .schema1Invalid, .manifestUnverified, .manifestTypeDiffers,
            .referencesUnknown, .manifestInUse:
            (.badRequest, "Invalid data")
        case .storageFull: (HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "No space left on the registry")
        }
    }

    private static func row(for refusal: V1Refusal) -> (HTTPResponse.Status, String) {
        switch refusal {
        case .path(.path): (.badRequest, "Invalid path")
        case .path(.imageID): (.notFound, "Invalid image ID")
        case .path(.repositoryName): (.badRequest, "Invalid repository name (components must match [a-z0-9_.-]+, 255 bytes in all)")
        case .path(.tag): (.badRequest, #"Invalid tag name (must match ^[\w][\w.-]{0,127}$)"#)
        // No path of this dialect has one of these.
        case .path(.digest), .path(.reference), .path(.upload): (.badRequest, "Invalid path")
        case .unknownPath: (.notFound, "Not found")
        case .methodNotAllowed(let allowed): (.methodNotAllowed, "Method not allowed, only \(Method.names(allowed))")
        case .query: (.badRequest, "Invalid query")
        case .bodyTooLarge(let limit): (.contentTooLarge, "The body is larger than \(limit) bytes")
        case .tooManyImages(let limit): (.contentTooLarge, "The list has more than \(limit) images")
        case .imageForeign: (.badRequest, "This image does not belong to the repository")
        case .otherRole(let role): (.notFound, "Not found: this server is the \(role == .registry ? "registry" : "index") only")
        case .registrationInvalid(let rule): (.badRequest, rule)
        case .nameTaken: (.badRequest, "Username or email already exists")
        case .confirmationInvalid: (.badRequest, "The link is not valid, or is over")
        case .mailFailed: (.serviceUnavailable, "The confirmation mail could not be sent, try again later")
        case .readOnly: (.methodNotAllowed, "The registry is read-only")
        case .deletionOff(let what): (.methodNotAllowed, "The deletion of \(what) is switched off")
        case .notJSON: (.badRequest, "Error Decoding JSON")
        case .invalidData: (.badRequest, "Invalid data")
        }
    }

    private static func row(for refusal: AccessRefusal) -> (HTTPResponse.Status, String) {
        switch refusal {
        case .loginRequired: (.unauthorized, "Authentication is required.")
        case .credentialsWrong: (.unauthorized, "Wrong login or password, or the token or key is over")
        case .accountInactive: (.forbidden, "Account is not Active")
        case .permissionDenied: (.forbidden, "Permission denied")
        case .cleartextCredentials:
            (
                .badRequest,
                "Passwords are not taken over plain HTTP: use https, or let the operator set cleartext_credentials or trusted_proxies"
            )
        case .addressRefused: (.forbidden, "Requests from this address are not let in")
        case .tooManyLogins: (.serviceUnavailable, "Too many logins at once, try again in a moment")
        case .tooBusy: (.serviceUnavailable, "Too many such requests at once, try again in a moment")
        case .indexUnreachable: (.serviceUnavailable, "The index that issued the token does not answer, try again later")
        }
    }

    private static func fields(for refusal: V1Refusal) -> HTTPFields {
        switch refusal {
        case .methodNotAllowed(let allowed): [.allow: Method.names(allowed)]
        case .readOnly, .deletionOff: [.allow: "GET, HEAD"]
        case .mailFailed: [.retryAfter: "5"]
        default: [:]
        }
    }

    private static func fields(for refusal: AccessRefusal) -> HTTPFields {
        switch refusal {
        case .loginRequired, .credentialsWrong:
            var fields = HTTPFields()
            fields.append(HTTPField(name: .wwwAuthenticate, value: "Basic realm=\"wharf\""))
            fields.append(HTTPField(name: .wwwAuthenticate, value: "Token"))
            return fields
        case .tooManyLogins, .tooBusy, .indexUnreachable: return [.retryAfter: "5"]
        case .accountInactive, .permissionDenied, .cleartextCredentials, .addressRefused: return [:]
        }
    }
}

extension Method {
    /// As `Allow` has them.
    static func names(_ methods: [Method]) -> String {
        methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
    }
}
