import Foundation
import ImageModel
import ManifestSignatures

/// Signed manifests, good and bad, as texts; with a key that anybody could have.
enum SignedText {
    private static let key = [UInt8](repeating: 7, count: 32)

    /// A document of one layer.
    ///
    /// - Parameter id: of the image in v1; nil: that of the layer's digest.
    static func payload(_ layer: NamedBytes, id: String? = nil, name: String = "x", tag: String = "x") -> String {
        #"{"schemaVersion":1,"name":"\#(name)","tag":"\#(tag)","architecture":"amd64","fsLayers":[{"blobSum":"\#(layer.digest)"}],"#
            + #""history":[{"v1Compatibility":"{\"id\":\"\#(id ?? layer.digest.hex)\"}"}]}"#
    }

    static func signed(_ payload: String, key: [UInt8] = key) throws -> [UInt8] {
        try ManifestSigner(privateKey: key).sign(Array(payload.utf8), at: 1_400_000_000)
    }

    /// The one signature of a signed document.
    static func signature(of document: [UInt8]) throws -> Signature {
        let text = String(decoding: document, as: UTF8.self)
        return try Signature(
            header: value("header", text), signature: value("signature", text), protected: value("protected", text))
    }

    struct Signature {
        /// A JSON object.
        var header: String
        var signature: String
        var protected: String

        var json: String { #"{"header":\#(header),"signature":"\#(signature)","protected":"\#(protected)"}"# }
    }

    /// A compact payload with these signatures at its end.
    static func assembled(_ payload: String, _ signatures: [Signature], more: String = "") -> [UInt8] {
        Array((payload.dropLast() + #","signatures":[\#(signatures.map(\.json).joined(separator: ","))]\#(more)}"#).utf8)
    }

    static func base64URL(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private struct Missing: Error {}

    private static func value(_ name: String, _ text: String) throws -> String {
        if name == "header" {
            guard let found = text.firstMatch(of: /"header":\s*(\{[^{}]*\{[^{}]*\}[^{}]*\})/) else { throw Missing() }
            return String(found.output.1)
        }
        guard let found = text.firstMatch(of: try Regex(#""\#(name)":\s*"([^"]*)""#)), let range = found.output[1].range else {
            throw Missing()
        }
        return String(text[range])
    }
}
