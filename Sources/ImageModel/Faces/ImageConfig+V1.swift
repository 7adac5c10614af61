extension ImageConfig {
    /// The chain of v1 images from the base up, one for each layer, with the ids and documents that engines since 1.10 give them when they
    /// push to v1 (v1.md §9.2). An image without layers has one, ``EmptyLayer``.
    ///
    /// - Parameter digest: the config's, a sha256; it is the topmost image's id.
    public func v1Chain(digest: Digest) throws(ConversionRefusal) -> [V1Link] {
        guard digest.algorithm == .sha256, let top = ImageID(digest.hex) else { throw .notAnImage }
        guard baseLayer == nil else { throw .windowsBase }
        var links: [V1Link] = []
        var chain: Digest?
        for diffID in diffIDs.dropLast() {
            let next = chain.map { Digest.of(Array("\($0) \(diffID)".utf8), .sha256) } ?? diffID
            guard let id = ImageID(next.hex) else { throw .notAnImage }
            links.append(link(id, below: links.last?.id))
            chain = next
        }
        var document = members
        document.remove("rootfs", "history", "os.version", "os.features", "id", "parent", "throwaway")
        document["id"] = quoted(top)
        document["parent"] = links.last.map { quoted($0.id) }
        links.append(V1Link(id: top, parent: links.last?.id, document: document.written))
        return links
    }

    /// The members stand in this order, and there are no others: what comes out for one layer has to be the same for every image.
    private func link(_ id: ImageID, below parent: ImageID?) -> V1Link {
        let document = parent.map { #"{"id":"\#(id)","parent":"\#($0)"}"# } ?? #"{"id":"\#(id)"}"#
        return V1Link(id: id, parent: parent, document: Array(document.utf8))
    }
}

func quoted(_ id: ImageID) -> [UInt8] { Array("\"\(id)\"".utf8) }
