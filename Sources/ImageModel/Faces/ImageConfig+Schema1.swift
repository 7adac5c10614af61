import Crypto

extension ImageConfig {
    /// The entries of a schema 1 manifest, top first (v1.md §10.3). A step that changed no file has ``EmptyLayer``. History that does not
    /// fit the layers, or is not there, is made up: one step for each layer.
    ///
    /// - Parameter blobSums: the digests of the layers as gzip, from the base up.
    /// - Throws: ``ConversionRefusal/layerCountDiffers(layers:diffIDs:)`` unless there is one for each diff id.
    public func schema1Entries(blobSums: [Digest]) throws(ConversionRefusal) -> [Schema1Manifest.Entry] {
        guard blobSums.count == diffIDs.count else { throw .layerCountDiffers(layers: blobSums.count, diffIDs: diffIDs.count) }
        var blobs = blobSums[...]
        var entries: [Schema1Manifest.Entry] = []
        var parent: ImageID?
        let steps = fittingHistory
        for (index, step) in steps.enumerated() {
            let blob = step.isEmptyLayer ? EmptyLayer.digest : blobs.removeFirst()
            let name = "\(blob.hex) \(parent?.text ?? "")"
            let isTop = index == steps.count - 1
            let id = ImageID(hash: SHA256.hash(data: isTop ? Array("\(name) ".utf8) + bytes : Array(name.utf8)))
            if index == 0, !isTop, let baseLayer { parent = ImageID(hash: SHA384.hash(data: Array(baseLayer.utf8)).prefix(32)) }
            let document = isTop ? top(id, parent, step) : Self.document(id, parent, step)
            entries.append(
                Schema1Manifest.Entry(
                    blobSum: blob, document: document, isThrowaway: step.isEmptyLayer, image: V1Image(id: id, parent: parent)))
            parent = id
        }
        return entries.reversed()
    }

    /// The history if its steps with layers are as many as the layers, else one that is made up. Never empty.
    private var fittingHistory: [HistoryEntry] {
        if !history.isEmpty, history.count(where: { !$0.isEmptyLayer }) == diffIDs.count { return history }
        let step = HistoryEntry(created: created, createdBy: nil, author: nil, comment: nil, isEmptyLayer: diffIDs.isEmpty)
        return Array(repeating: step, count: max(1, diffIDs.count))
    }

    private func top(_ id: ImageID, _ parent: ImageID?, _ step: HistoryEntry) -> [UInt8] {
        var document = members
        document.remove("rootfs", "history", "id", "parent", "throwaway")
        document["id"] = quoted(id)
        document["parent"] = parent.map(quoted)
        if step.isEmptyLayer { document["throwaway"] = Array("true".utf8) }
        return document.written
    }

    /// The order of the members is that of Go's struct.
    private static func document(_ id: ImageID, _ parent: ImageID?, _ step: HistoryEntry) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"id":"\#(id)""#)
        if let parent { writer.raw(#","parent":"\#(parent)""#) }
        writer.member("comment", step.comment)
        writer.member("created", step.created ?? Timestamp.unknown)
        writer.raw(#","container_config":{"Cmd":["#)
        writer.string(step.createdBy ?? "")
        writer.raw("]}")
        writer.member("author", step.author)
        if step.isEmptyLayer { writer.raw(#","throwaway":true"#) }
        writer.raw("}")
        return writer.bytes
    }
}

extension ImageID {
    /// - Parameter hash: 32 bytes.
    fileprivate init(hash: some Sequence<UInt8>) { text = Hex.encode(hash) }
}

extension JSONWriter {
    /// A further member with a text; none for an empty one.
    mutating func member(_ name: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        raw(",\"\(name)\":")
        string(text)
    }
}
