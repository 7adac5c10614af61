typealias ManifestReader = JSONReader<Manifest.Refusal>

/// The parts that stand in a manifest in several places.
extension JSONReader where Refusal == Manifest.Refusal {
    /// Descriptors as they stand in a list; none for `null`.
    mutating func descriptors(at path: String, _ budget: inout DescriptorBudget) throws(Refusal) -> [Descriptor] {
        if try null() { return [] }
        var descriptors: [Descriptor] = []
        guard
            try elements({ (reader) throws(Refusal) in
                let place = "\(path)[\(descriptors.count)]"
                guard let fields = try reader.descriptor(at: place, &budget) else { throw .descriptor(place) }
                descriptors.append(fields.descriptor)
            })
        else { throw .list(path) }
        return descriptors
    }

    /// One descriptor; nil for `null`.
    mutating func descriptor(at path: String, _ budget: inout DescriptorBudget) throws(Refusal) -> DescriptorFields? {
        if try null() { return nil }
        try budget.take()
        return try DescriptorFields(&self, at: path)
    }

    /// As written; nil for `null` and the empty text.
    mutating func artifactType(at path: String) throws(Refusal) -> String? {
        if try null() { return nil }
        guard let text = try string(), text.isEmpty || MediaType(text) != nil else { throw .artifactType(path) }
        return text.isEmpty ? nil : text
    }

    /// The bytes of an object of strings; nil for `null` and for one without members.
    mutating func annotations(at path: String) throws(Refusal) -> [UInt8]? {
        if try null() { return nil }
        let start = position
        var isEmpty = true
        guard
            try members({ (reader, _) throws(Refusal) in
                isEmpty = false
                guard try reader.next() == .string else { throw .annotations(path) }
                try reader.skip()
            })
        else { throw .annotations(path) }
        return isEmpty ? nil : Array(bytes[start..<position])
    }

    /// The text of a string that can stand in a column and in a log: without control characters. Nil for `null`.
    mutating func plainText(or refusal: Refusal) throws(Refusal) -> String? {
        if try null() { return nil }
        guard let text = try string(), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw refusal }
        return text
    }
}
