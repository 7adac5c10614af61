/// What proxies say of a request in its header, as it stands there: `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, and `Forwarded`
/// (RFC 7239). Anybody can send these fields; ``RequestOrigin`` decides what of them is believed.
public struct ForwardedFields: Sendable {
    /// The fields' names.
    public enum Name: String, CaseIterable, Sendable {
        case forwarded = "Forwarded"
        case forwardedFor = "X-Forwarded-For"
        case forwardedProto = "X-Forwarded-Proto"
        case forwardedHost = "X-Forwarded-Host"
        case forwardedPort = "X-Forwarded-Port"
    }

    let forwarded: String?
    let addresses: String?
    let schemes: String?
    let hosts: String?
    let ports: String?

    /// - Parameter value: a field's value, or nil if the request has none of this name. Several fields of one name are one, joined by
    ///   commas in their order (RFC 9110 §5.3).
    public init(_ value: (Name) -> String?) {
        forwarded = value(.forwarded)
        addresses = value(.forwardedFor)
        schemes = value(.forwardedProto)
        hosts = value(.forwardedHost)
        ports = value(.forwardedPort)
    }

    public static let none = ForwardedFields { _ in nil }

    var hasForwarded: Bool { forwarded != nil }
    var hasExtensions: Bool { addresses != nil || schemes != nil || hosts != nil || ports != nil }
}

/// Goes through the elements of a list from the right, where the proxy that is nearest has written, without looking at what stands further
/// left than asked: that part is whatever a client liked to send.
struct ReversedElements: Sequence, IteratorProtocol {
    private var rest: Substring.UTF8View?
    /// Whether commas within quotation marks belong to the element (RFC 7239 §4).
    private let honoursQuotes: Bool

    init(_ text: String, honoursQuotes: Bool = false) {
        rest = text[...].utf8
        self.honoursQuotes = honoursQuotes
    }

    /// The next element to the left, without white space around it; empty where nothing stands between two commas.
    ///
    /// Quotation marks are paired from the right as well: one that a client opened and never closed cannot swallow what the proxy has added
    /// behind it.
    mutating func next() -> Substring? {
        guard let text = rest else { return nil }
        var isQuoted = false
        var index = text.endIndex
        while index != text.startIndex {
            let before = text.index(before: index)
            if honoursQuotes, text[before] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if text[before] == UInt8(ascii: ","), !isQuoted {
                rest = text[..<before]
                return Substring(text[index...]).trimmedOfSpace
            }
            index = before
        }
        rest = nil
        return Substring(text).trimmedOfSpace
    }
}

extension Substring {
    /// Without spaces and tabs at both ends (RFC 9110 §5.6.3).
    var trimmedOfSpace: Substring {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let start = utf8.firstIndex(where: { !isSpace($0) }), let end = utf8.lastIndex(where: { !isSpace($0) }) else {
            return prefix(0)
        }
        return self[start...end]
    }
}
