import ImageModel
import ImageRegistry
import StorageTrees

/// Why something is left out.
struct Cause: Error, Hashable, Sendable {
    let reason: ImportProblem.Reason
    /// One sentence without a capital and a full stop.
    let words: String

    init(_ reason: ImportProblem.Reason, _ words: String) {
        self.reason = reason
        self.words = words
    }

    /// - Parameters:
    ///   - what: what could not be read: `the layer of image 5a3f…`.
    ///   - missing: the reason when it is not there.
    init(_ error: TreeError, _ what: String, missing: ImportProblem.Reason) {
        let reason: ImportProblem.Reason =
            switch error {
            case .missing: missing
            case .symbolicLink: .symbolicLink
            case .tooLarge: .tooLarge
            case .wrongKind, .changed, .system: .unreadable
            }
        self.init(reason, "\(what) \(error)")
    }

    /// - Throws: `error`, when it is not about what is imported: then nothing else could come either.
    init(_ error: any Error, _ what: String, missing: ImportProblem.Reason) throws {
        switch error {
        case let cause as Cause: self = cause
        case let error as TreeError: self.init(error, what, missing: missing)
        case let refusal as SignedDocument.Refusal: self.init(.manifestInvalid, "\(refusal)")
        case let error as RegistryError:
            guard let cause = Cause(error, what) else { throw error }
            self = cause
        default: throw error
        }
    }

    private init?(_ error: RegistryError, _ what: String) {
        switch error {
        case .checksumMismatch: self.init(.checksumDiffers, "\(what) is damaged: it has another checksum than the old registry wrote down")
        case .digestMismatch: self.init(.digestDiffers, "\(what) is damaged: its bytes have another digest")
        case .lengthMismatch: self.init(TreeError.changed, what, missing: .unreadable)
        case .layerTooLarge(let limit), .blobTooLarge(let limit):
            self.init(.tooLarge, "\(what) has more than \(limit) bytes (limits.layer_size)")
        case .layerExpandsTooFar(let limit):
            self.init(.tooLarge, "\(what) unpacks to more than \(limit) bytes (limits.uncompressed_layer_size)")
        case .layerNeedsTooMuchMemory(let limit): self.init(.tooLarge, "\(what) takes more than \(limit) bytes of memory to unpack")
        case .imageExists: self.init(.imageDiffers, "the repository has another image of this id here")
        case .imageReplaced: self.init(.imageDiffers, "somebody pushed an image of this id at the same time")
        case .parentUnknown: self.init(.ancestryBroken, "the parent is not in the repository, or is the image's own descendant")
        case .manifestInvalid(let refusal): self.init(.manifestInvalid, "\(refusal)")
        case .schema1Invalid(let refusal): self.init(.manifestInvalid, "\(refusal)")
        case .manifestUnverified(let words): self.init(.manifestInvalid, "it is of schema 1, and its signatures are not right: \(words)")
        case .manifestTypeDiffers(let type): self.init(.manifestInvalid, "the repository has it as \(type) here")
        case .referencesUnknown(let digests):
            self.init(
                .blobMissing,
                "it names what the repository lacks: " + digests.prefix(3).map { "\($0)" }.joined(separator: ", ")
                    + (digests.count > 3 ? " and \(digests.count - 3) more" : ""))
        case .tagImmutable: self.init(.tagImmutable, "it names something else here, and `immutable_tags` lets nobody move it")
        default: return nil
        }
    }

    func problem(with item: String) -> ImportProblem { ImportProblem(item: item, reason: reason, detail: words) }
}

extension ImageID {
    /// Enough to find it.
    var short: String { String(text.prefix(12)) }
}

extension Digest {
    /// Enough to find it.
    var short: String { "\(algorithm.rawValue):\(hex.prefix(12))" }
}

/// What was found when bytes were read.
enum Comparison {
    case well
    case damaged(Cause)
}

/// What was found out of so many things that not all of it can be remembered: at some point it begins anew.
struct BoundedMemo<Key: Hashable, Value> {
    private static var limit: Int { 65_536 }

    private var values: [Key: Value] = [:]

    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            if values.count >= Self.limit { values.removeAll(keepingCapacity: true) }
            values[key] = newValue
        }
    }
}
