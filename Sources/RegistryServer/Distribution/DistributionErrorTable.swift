import Credentials
import HTTPTransport
import HTTPTypes
import ImageModel
import ImageRegistry
import Logging
import NIOCore
import RegistryWire

/// The Distribution dialect's error table (OCI Distribution, "Error Codes"). Engines show a person the code and the message.
extension DistributionExchange {
    struct Refusal {
        let status: HTTPResponse.Status
        let errors: [DistributionError]
        var fields: HTTPFields = [:]

        init(_ status: HTTPResponse.Status, _ code: DistributionErrorCode, _ message: String, _ detail: DistributionError.Detail? = nil) {
            self.status = status
            errors = [DistributionError(code, message, detail: detail)]
        }

        init(_ status: HTTPResponse.Status, _ errors: [DistributionError]) {
            self.status = status
            self.errors = errors
        }

        func adding(_ more: HTTPFields) -> Refusal {
            var refusal = self
            refusal.fields = fields.merging(more)
            return refusal
        }
    }

    func answer(to error: any Error, on route: DistributionRoute?) -> Response {
        if error as? RegistryError == .repositoryUnknown, case .referrers = route, let answer = try? noReferrers() { return answer }
        let refusal = refusal(for: error, on: route)
        return Response(
            status: refusal.status, headers: fields(adding: refusal.fields),
            body: .bytes(ByteBuffer(bytes: DistributionErrors(refusal.errors).json)))
    }

    private func refusal(for error: any Error, on route: DistributionRoute?) -> Refusal {
        switch error {
        case let error as RegistryError: return refusal(for: error, on: route)
        case let error as DistributionRefusal: return refusal(for: error, on: route)
        case let error as AccessRefusal: return refusal(for: error, on: route)
        case let error as RequestBodyError:
            return Refusal(.badRequest, .blobUploadInvalid, error.isCutOff ? "the body was cut off" : "the body is malformed")
        case is Turnstile.Full: return self.refusal(for: AccessRefusal.tooBusy, on: route)
        case is CancellationError: return Refusal(.serviceUnavailable, .unsupported, "the server is stopping")
        default:
            server.logger.error("request failed", metadata: ["id": "\(incoming.id)", "error": "\(String(reflecting: error))"])
            return Refusal(
                .internalServerError, .unsupported, "internal server error; the log has it under request \(incoming.id)")
        }
    }

    /// What the request was about. Clients show the message only beside a detail, when it is the code's usual one.
    private static func detail(_ route: DistributionRoute?) -> DistributionError.Detail? {
        guard let route, let name = route.repository else { return nil }
        switch route {
        case .manifest(_, let reference), .putManifest(_, let reference):
            return ["name": .text(name.shown), "reference": .text("\(reference)")]
        case .deleteTag(_, let tag): return ["name": .text(name.shown), "reference": .text(tag.text)]
        case .blob(_, let digest), .deleteBlob(_, let digest), .deleteManifest(_, let digest), .referrers(_, let digest):
            return ["name": .text(name.shown), "digest": .text("\(digest)")]
        default: return ["name": .text(name.shown)]
        }
    }

    private func refusal(for error: RegistryError, on route: DistributionRoute?) -> Refusal {
        switch error {
        case .repositoryUnknown: return Refusal(.notFound, .nameUnknown, "repository name not known to registry", Self.detail(route))
        case .blobUnknown: return Refusal(.notFound, .blobUnknown, "blob unknown to registry", Self.detail(route))
        case .manifestUnknown, .tagUnknown: return Refusal(.notFound, .manifestUnknown, "manifest unknown", Self.detail(route))
        case .blobTooLarge(let limit):
            return Refusal(.contentTooLarge, .sizeInvalid, "the blob is larger than \(limit) bytes")
        case .blobInUse(let manifest):
            return Refusal(
                .conflict, .denied, "a manifest of the repository names this blob: delete that first",
                ["manifest": .text(manifest.description)])
        case .manifestInUse(let index):
            return Refusal(
                .conflict, .denied, "an index of the repository lists this manifest: delete that first",
                ["manifest": .text(index.description)])
        case .digestMismatch:
            return Refusal(.badRequest, .digestInvalid, "provided digest did not match uploaded content", Self.detail(route))
        case .uploadUnknown: return Refusal(.notFound, .blobUploadUnknown, "blob upload unknown to registry", Self.detail(route))
        case .uploadBusy: return Refusal(.conflict, .blobUploadInvalid, "another request is writing to this upload, try again in a moment")
        case .uploadOutOfOrder(let status):
            let refusal = Refusal(
                .rangeNotSatisfiable, .blobUploadInvalid, "the bytes do not begin where the upload ends",
                ["offset": .text(String(status.length))])
            guard let name = route?.uploadRepository else { return refusal }
            return refusal.adding(progress(status, in: name))
        case .lengthMismatch: return Refusal(.badRequest, .sizeInvalid, "provided length did not match content length")
        case .tooManyUploads(let limit):
            return Refusal(.tooManyRequests, .tooManyRequests, "the repository has \(limit) uploads open already: finish or cancel some")
        case .manifestInvalid(let reason): return Refusal(.badRequest, .manifestInvalid, "manifest invalid: \(reason)")
        case .schema1Invalid(let reason): return Refusal(.badRequest, .manifestInvalid, "manifest invalid: \(reason)", Self.detail(route))
        case .manifestUnverified(let reason):
            return Refusal(.badRequest, .manifestUnverified, "manifest unverified: \(reason)", Self.detail(route))
        case .conversionRefused(let reason, let face):
            return Refusal(
                .notFound, .manifestUnknown, "the image cannot be shown as \(face.words): \(reason)", Self.detail(route))
        case .manifestTypeDiffers(let type):
            return Refusal(.badRequest, .manifestInvalid, "manifest invalid: it is here already as \(type.text)")
        case .referencesUnknown(let digests):
            return Refusal(
                .notFound,
                digests.prefix(100).map {
                    DistributionError(
                        .manifestBlobUnknown, "the manifest names \($0), which this repository does not hold",
                        detail: ["digest": .text($0.description)])
                })
        case .tagImmutable(let tag):
            return Refusal(.conflict, .denied, "tag \(tag) is immutable: it can be neither moved nor deleted", ["tag": .text(tag.text)])
        case .removalUnderway:
            return Refusal(.serviceUnavailable, .blobUploadInvalid, "these bytes are being swept away just now, send them again")
                .adding([.retryAfter: "1"])
        case .storageFull:
            return Refusal(
                HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), .denied, "no space left on the registry")
        default:
            // What only v1 can be refused.
            server.logger.error("refusal without a place in v2", metadata: ["id": "\(incoming.id)", "error": "\(error)"])
            return Refusal(.badRequest, .unsupported, "the operation is unsupported")
        }
    }

    private func refusal(for refusal: DistributionRefusal, on route: DistributionRoute?) -> Refusal {
        switch refusal {
        case .path(.repositoryName): Refusal(.badRequest, .nameInvalid, "invalid repository name")
        case .path(.digest): Refusal(.badRequest, .digestInvalid, "invalid digest: sha256 and sha512 in lower-case hexadecimal are known")
        case .path(.upload): Refusal(.notFound, .blobUploadUnknown, "blob upload unknown to registry", Self.detail(route))
        case .path(.reference), .path(.tag):
            Refusal(.badRequest, .manifestInvalid, "invalid tag: at most 128 of [a-zA-Z0-9_.-], and neither . nor - at the beginning")
        case .path(.path), .path(.imageID): Refusal(.badRequest, .nameInvalid, "invalid path")
        case .unknownPath: Refusal(.notFound, .unsupported, "there is nothing at this path")
        case .methodNotAllowed(let allowed):
            Refusal(.methodNotAllowed, .unsupported, "only \(Method.names(allowed)) may be asked of this").adding([
                .allow: Method.names(allowed)
            ])
        case .query: Refusal(.badRequest, .unsupported, "invalid query")
        case .pageSize: Refusal(.badRequest, .unsupported, "n has to be a number of elements")
        case .digestMissing: Refusal(.badRequest, .digestInvalid, "the query has no digest of the whole blob")
        case .digestInvalid(let text):
            Refusal(
                .badRequest, .digestInvalid, "invalid digest: sha256 and sha512 in lower-case hexadecimal are known",
                ["digest": .text(String(text.prefix(256)))])
        case .algorithmUnknown(let text):
            Refusal(
                .badRequest, .digestInvalid, "unknown algorithm: sha256 and sha512 are known", ["algorithm": .text(String(text.prefix(64)))]
            )
        case .contentRangeInvalid: Refusal(.badRequest, .blobUploadInvalid, "Content-Range has to be FIRST-LAST")
        case .rangeNotSatisfiable(let size):
            Refusal(.rangeNotSatisfiable, .sizeInvalid, "the range is not within the \(size) bytes of the blob")
                .adding([.contentRange: "bytes */\(size)"])
        case .rangeContradictsLength: Refusal(.badRequest, .sizeInvalid, "Content-Range and the length of the body differ")
        case .contentTypeInvalid: Refusal(.badRequest, .manifestInvalid, "Content-Type is no media type")
        case .manifestTooLarge(let limit): Refusal(.contentTooLarge, .manifestInvalid, "the manifest is larger than \(limit) bytes")
        case .tagInvalid(let text):
            Refusal(
                .badRequest, .manifestInvalid, "invalid tag: at most 128 of [a-zA-Z0-9_.-], and neither . nor - at the beginning",
                ["tag": .text(String(text.prefix(256)))])
        case .tagsWithoutDigest: Refusal(.badRequest, .unsupported, "tag parameters need a digest in the path")
        case .tooManyTags(let limit):
            Refusal(HTTPResponse.Status(code: 414, reasonPhrase: "URI Too Long"), .unsupported, "more than \(limit) tag parameters")
        case .notAcceptable(let tagged):
            Refusal(
                .notFound, .manifestUnknown, "the tag names \(tagged.words), and can be shown as nothing that the client takes",
                tagged.mediaType.map { ["mediaType": .text($0.text)] } ?? Self.detail(route))
        case .readOnly: Refusal(.methodNotAllowed, .unsupported, "the registry is read-only").adding([.allow: "GET, HEAD"])
        case .deletionOff(let what):
            Refusal(.methodNotAllowed, .unsupported, "the deletion of \(what) is switched off").adding([.allow: "GET, HEAD"])
        case .insufficientScope:
            Refusal(.unauthorized, .unauthorized, "the token is not for this", Self.detail(route)).adding(
                challenge(for: route, error: .insufficientScope))
        }
    }

    private func refusal(for refusal: AccessRefusal, on route: DistributionRoute?) -> Refusal {
        switch refusal {
        case .loginRequired:
            Refusal(.unauthorized, .unauthorized, "authentication required", Self.detail(route)).adding(challenge(for: route))
        case .credentialsWrong:
            Refusal(
                .unauthorized, .unauthorized, "incorrect username or password, or the token or key has expired or was revoked",
                Self.detail(route)
            )
            .adding(challenge(for: route, error: showsToken ? .invalidToken : nil))
        case .accountInactive: Refusal(.forbidden, .denied, "the account is not active")
        case .permissionDenied: Refusal(.forbidden, .denied, "requested access to the resource is denied", Self.detail(route))
        case .cleartextCredentials:
            Refusal(
                .badRequest, .unsupported,
                "passwords are not taken over plain HTTP: use https, or let the operator set cleartext_credentials or trusted_proxies")
        case .addressRefused: Refusal(.forbidden, .denied, "requests from this address are not let in")
        case .tooManyLogins:
            Refusal(.serviceUnavailable, .tooManyRequests, "too many logins at once, try again in a moment").adding([.retryAfter: "5"])
        case .tooBusy:
            Refusal(.serviceUnavailable, .tooManyRequests, "too many such requests at once, try again in a moment").adding([
                .retryAfter: "5"
            ])
        case .indexUnreachable:
            Refusal(.serviceUnavailable, .unsupported, "the index that issued the token does not answer, try again later")
                .adding([.retryAfter: "5"])
        }
    }
}

extension RequestBodyError {
    /// Whether the client, and not its framing, is at fault.
    var isCutOff: Bool {
        switch self {
        case .disconnected, .stalled, .answered: true
        case .malformed, .tooLarge: false
        }
    }
}

extension Tagged {
    fileprivate var mediaType: MediaType? {
        switch self {
        case .v1Image: nil
        case .schema1Manifest: .dockerSchema1Signed
        case .image(let type), .index(let type), .artifact(let type): type
        }
    }

    fileprivate var words: String {
        switch self {
        case .v1Image: "an image that was pushed in v1"
        case .schema1Manifest, .image, .artifact: "a manifest of the type \(mediaType?.text ?? "")"
        case .index: "an index of the type \(mediaType?.text ?? "") without an image that runs"
        }
    }
}

extension DistributionRoute {
    fileprivate var uploadRepository: RepositoryName? {
        switch self {
        case .upload(let name, _), .appendUpload(let name, _), .finishUpload(let name, _), .cancelUpload(let name, _): name
        default: nil
        }
    }
}
