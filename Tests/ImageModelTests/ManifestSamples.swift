import ImageModel

/// Parts from which tests put manifests together.
enum Samples {
    static let a = "sha256:" + String(repeating: "a", count: 64)
    static let b = "sha256:" + String(repeating: "b", count: 64)
    static let c = "sha512:" + String(repeating: "c", count: 128)
    static let gzip = "application/vnd.oci.image.layer.v1.tar+gzip"

    static let config = #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(a)","size":10}"#
    static let layer = #"{"mediaType":"\#(gzip)","digest":"\#(b)","size":20}"#
    static let otherLayer = #"{"mediaType":"\#(gzip)","digest":"\#(c)","size":30}"#
    static let child = #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(b)","size":40}"#

    /// An image with one layer, and with these members of its own at the end.
    static func image(_ members: String...) -> String {
        "{" + (["\"schemaVersion\":2", "\"config\":\(config)", "\"layers\":[\(layer)]"] + members).joined(separator: ",") + "}"
    }

    /// An image whose only layer is this text.
    static func image(layer: String) -> String { #"{"schemaVersion":2,"config":\#(config),"layers":[\#(layer)]}"# }

    /// A layer's descriptor with these members behind its type.
    static func layer(_ members: String) -> String { #"{"mediaType":"\#(gzip)",\#(members)}"# }

    static func manifest(_ json: String, as type: MediaType? = nil, limit: Int = 10_000) throws(Manifest.Refusal) -> Manifest {
        try Manifest(Array(json.utf8), contentType: type, descriptorLimit: limit)
    }

    /// Why this is no manifest; nil if it is one.
    static func refusal(_ json: String, as type: MediaType? = nil, limit: Int = 10_000) -> Manifest.Refusal? {
        refusal(Array(json.utf8), as: type, limit: limit)
    }

    static func refusal(_ bytes: [UInt8], as type: MediaType? = nil, limit: Int = 10_000) -> Manifest.Refusal? {
        do {
            _ = try Manifest(bytes, contentType: type, descriptorLimit: limit)
            return nil
        } catch { return error }
    }
}
