extension SignedDocument {
    /// The protected header for signing this document, in base64url (v1.md §10.4.2 and 3).
    ///
    /// - Parameter time: RFC 3339, UTC.
    /// - Returns: nil for a document that is no object.
    public static func protected(payload: [UInt8], time: String) -> String? {
        guard let length = formatLength(payload) else { return nil }
        let tail = base64URL(payload[length...])
        var writer = JSONWriter()
        writer.raw(#"{"formatLength":\#(length),"formatTail":"\#(tail)","time":"#)
        writer.string(time)
        writer.raw("}")
        return base64URL(writer.bytes)
    }

    /// The document with its signatures, indented like the rest of it (v1.md §10.4.6).
    ///
    /// - Parameter signatures: objects of JSON, in the order in which they are to stand.
    /// - Returns: nil for a document that is no object.
    public static func assemble(payload: [UInt8], signatures: [[UInt8]]) -> [UInt8]? {
        guard let length = formatLength(payload) else { return nil }
        var list = JSONWriter()
        for (index, signature) in signatures.enumerated() {
            list.raw(index == 0 ? "[" : ",")
            list.compact(signature)
        }
        list.raw(signatures.isEmpty ? "[]" : "]")

        var document = payload[..<length] + Array(",".utf8)
        let indent = indent(of: payload)
        if indent.isEmpty {
            document += Array("\"signatures\":".utf8) + list.bytes
        } else {
            var writer = JSONWriter()
            writer.indented(list.bytes, prefix: indent, indent: indent)
            document += [0x0a] + indent + Array("\"signatures\": ".utf8) + writer.bytes + [0x0a]
        }
        return document + Array("}".utf8)
    }

    /// Where the signatures are put in: behind the last character that means something before the bracket at the end.
    private static func formatLength(_ payload: [UInt8]) -> Int? {
        guard let end = payload.lastIndex(where: { !$0.isJSONBlank }), payload[end] == UInt8(ascii: "}"),
            let last = payload[..<end].lastIndex(where: { !$0.isJSONBlank })
        else { return nil }
        return last + 1
    }

    /// The blanks before the first key, if it has a line of its own behind the opening bracket; else none.
    private static func indent(of payload: [UInt8]) -> [UInt8] {
        guard payload.starts(with: [UInt8(ascii: "{"), 0x0a]) else { return [] }
        return Array(payload.dropFirst(2).prefix(while: { $0 != UInt8(ascii: "\"") }))
    }
}
