import FoundationEssentials

/// What a registry reads of a v1 image's JSON document; the document itself is kept byte for byte, because checksums cover it.
///
/// Source: v1.md §7.1. Unknown keys and key order are the client's affair.
public struct V1Image: Hashable, Sendable {
    public let id: ImageID
    /// Nil for a base image; engines never write `""`, which is read as nil all the same.
    public let parent: ImageID?

    /// Why a document is no image document.
    public enum Refusal: Error, Hashable {
        case notJSON, noID, invalidID, invalidParent
    }

    /// - Throws: ``Refusal`` when `json` is no JSON object, or its `id` or `parent` is no image id.
    public init(json: [UInt8]) throws(Refusal) {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(json))
        } catch DecodingError.keyNotFound {
            throw .noID
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw context.codingPath.first.map { $0.stringValue == "id" ? .invalidID : .invalidParent } ?? .notJSON
        } catch {
            throw .notJSON
        }
        guard let id = ImageID(document.id) else { throw .invalidID }
        self.id = id
        if let text = document.parent, !text.isEmpty {
            guard let parent = ImageID(text), parent != id else { throw .invalidParent }
            self.parent = parent
        } else {
            self.parent = nil
        }
    }

    /// What a document says that its image runs on; nil when it does not say.
    public static func architecture(of json: [UInt8]) -> String? {
        let text = try? JSONDecoder().decode(Machine.self, from: Data(json)).architecture
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private struct Machine: Decodable {
        let architecture: String
    }

    private struct Document: Decodable {
        let id: String
        let parent: String?
    }
}
