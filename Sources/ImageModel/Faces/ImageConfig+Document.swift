extension ImageConfig {
    /// The config of the image that a chain of v1 images makes (v1.md §9.1, without its step 3: no member is lost). The same chain makes
    /// the same bytes always.
    ///
    /// Architecture and system are those of Docker's first years where the topmost document does not name them. What cannot be read of a
    /// step's history is left out.
    ///
    /// - Parameter chain: from the base up.
    /// - Throws: ``ConversionRefusal/documentInvalid`` if a document is no JSON object, or there is none.
    public static func document(of chain: [V1ConfigLink]) throws(ConversionRefusal) -> [UInt8] {
        var history = JSONWriter()
        var config: RawObject?
        for link in chain {
            guard let image = (try? RawObject(link.document)) ?? nil else { throw .documentInvalid }
            history.raw(config == nil ? "[" : ",")
            history.step(of: image, isEmptyLayer: link.diffID == nil)
            config = image
        }
        guard var config else { throw .documentInvalid }
        history.raw("]")

        config.remove("id", "parent", "Size", "parent_id", "layer_id", "throwaway", "rootfs", "history")
        config["history"] = history.bytes
        let diffIDs = chain.compactMap(\.diffID).map { "\"\($0)\"" }.joined(separator: ",")
        config["rootfs"] = Array(#"{"type":"layers","diff_ids":[\#(diffIDs)]}"#.utf8)
        for (name, value) in [("architecture", "amd64"), ("os", "linux")] where config.text(name)?.isEmpty ?? true {
            config[name] = Array("\"\(value)\"".utf8)
        }
        return config.written
    }
}

extension JSONWriter {
    fileprivate mutating func step(of image: RawObject, isEmptyLayer: Bool) {
        raw(#"{"created":"#)
        string(Timestamp.checked(image.text("created")) ?? Timestamp.unknown)
        member("author", image.text("author"))
        member("created_by", image.object("container_config")?.command)
        member("comment", image.text("comment"))
        if isEmptyLayer { raw(#","empty_layer":true"#) }
        raw("}")
    }
}

extension RawObject {
    /// `Cmd` in one text: its words with blanks between them, or a bare string, as some tools wrote it.
    fileprivate var command: String? {
        guard let words = elements("Cmd") else { return text("Cmd") }
        return words.prefix(RawObject.limit).compactMap { word in
            var reader = JSONReader<JSONFault>(word)
            return (try? reader.string()) ?? nil
        }.joined(separator: " ")
    }
}
