import FoundationEssentials
public import ImageModel

/// The body of `PUT …/repositories/NAME/` and `…/images`: ids, each with a sum if the client has one. `Tag` is read over (v1.md §2.3).
public struct DeclaredImages: Sendable, Equatable {
    public struct Element: Sendable, Equatable {
        public let id: ImageID
        public let checksum: String?
    }

    public let elements: [Element]

    public enum Refusal: Error, Hashable {
        case notJSON
        /// Valid JSON, but no list of objects with image ids.
        case invalid
    }

    /// - Throws: ``Refusal``.
    public init(json: [UInt8]) throws(Refusal) {
        let decoded: [Decoded]
        do {
            decoded = try JSONDecoder().decode([Decoded].self, from: Data(json))
        } catch DecodingError.dataCorrupted {
            throw .notJSON
        } catch {
            throw .invalid
        }
        var elements: [Element] = []
        for image in decoded {
            guard let id = ImageID(image.id) else { throw .invalid }
            elements.append(Element(id: id, checksum: image.checksum))
        }
        self.elements = elements
    }

    private struct Decoded: Decodable {
        let id: String
        let checksum: String?
    }
}
