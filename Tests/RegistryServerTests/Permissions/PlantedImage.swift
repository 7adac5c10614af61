import Crypto
import ImageModel
import LayerArchive

/// An image without a parent whose layer is a tar of one file, `etc/WORD`.
struct PlantedImage: Sendable {
    let id: ImageID
    let layer: [UInt8]

    /// - Parameter word: what the id, the name of the file and its content are made of.
    init?(_ word: String) {
        guard let id = ImageID(Hex.encode(SHA256.hash(data: Array(word.utf8)))) else { return nil }
        self.id = id
        layer = Self.tar("etc/\(word)", "this is \(word)\n")
    }

    var document: [UInt8] { Array(#"{"id":"\#(id)"}"#.utf8) }

    var sum: ImageModel.Digest {
        var sum = PayloadSum(json: document)
        layer.withUnsafeBytes { sum.update($0) }
        return sum.finalize()
    }

    /// A ustar archive of one file (POSIX.1-1988, "Extended tar Format").
    private static func tar(_ name: String, _ content: String) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8) }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(content.utf8.count, 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        let padding = (512 - content.utf8.count % 512) % 512
        return header + Array(content.utf8) + [UInt8](repeating: 0, count: padding + 1024)
    }

    private static func octal(_ number: Int, _ digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
