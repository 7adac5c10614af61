public import ImageModel
import ManifestSignatures

/// A manifest that is being put, read and checked as far as its bytes alone tell.
public struct PushedManifest: Sendable {
    public enum Content: Sendable {
        case manifest(Manifest)
        /// Its signatures have been verified.
        case schema1(Schema1Manifest)
    }

    public let content: Content
    public let document: [UInt8]
    public let digest: Digest
    public let tags: [Tag]

    /// - Parameters:
    ///   - contentType: as which the client declares it.
    ///   - named: the digest that the client names it by, if it does.
    ///   - descriptorLimit: how much it may name.
    /// - Throws: ``RegistryError/manifestInvalid(_:)``, ``RegistryError/schema1Invalid(_:)``, ``RegistryError/manifestUnverified(_:)``,
    ///   ``RegistryError/digestMismatch``.
    public init(
        _ document: [UInt8], contentType: MediaType?, named: Digest?, tags: [Tag], descriptorLimit: Int = Manifest.defaultDescriptorLimit
    ) throws(RegistryError) {
        self.document = document
        self.tags = tags
        var covered = document
        do throws(Manifest.Refusal) {
            content = .manifest(try Manifest(document, contentType: contentType, descriptorLimit: descriptorLimit))
        } catch .schema1 where contentType?.mayBeSchema1 ?? true {
            let signed = try Self.signed(document)
            covered = signed.payload
            do throws(Schema1Manifest.Refusal) {
                content = .schema1(try Schema1Manifest(payload: covered))
            } catch {
                throw .schema1Invalid(error)
            }
        } catch .schema1 {
            throw .manifestInvalid(.contradicts(contentType ?? .dockerManifest))
        } catch {
            throw .manifestInvalid(error)
        }
        digest = Digest.of(covered, named?.algorithm ?? .sha256)
        if let named, named != digest { throw .digestMismatch }
        if case .schema1(let manifest) = content, manifest.entries.count > descriptorLimit {
            throw .manifestInvalid(.tooManyDescriptors(limit: descriptorLimit))
        }
    }

    public var subject: Digest? { if case .manifest(let manifest) = content { manifest.subject?.digest } else { nil } }

    /// Any key is taken; a signature says that the document is whole, not whose it is (v1.md §10.5).
    private static func signed(_ document: [UInt8]) throws(RegistryError) -> SignedDocument {
        let signed: SignedDocument
        do throws(SignedDocument.Refusal) { signed = try SignedDocument(document) } catch { throw .manifestUnverified("\(error)") }
        do throws(SignatureRefusal) { _ = try signed.verify() } catch { throw .manifestUnverified("\(error)") }
        return signed
    }
}

extension MediaType {
    fileprivate var mayBeSchema1: Bool { self == .json || isSchema1 }
}
