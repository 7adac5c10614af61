/// Which part of a list a query asks for: `n` and `last` (OCI Distribution, "Listing Tags").
public struct PageRequest: Hashable, Sendable {
    /// How many at most; none is asked for, too.
    public let limit: Int
    /// The list goes on after this; nil to begin at the beginning.
    public let last: String?

    /// Without `n`, and with a larger one than `maximum`, the limit is `maximum`. Nil when `n` is no number of digits.
    public init?(_ query: RequestQuery, maximum: Int) {
        if let number = query["n"] {
            guard !number.isEmpty, number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            // More digits than a machine word holds is still a number.
            limit = min(Int(number) ?? maximum, maximum)
        } else {
            limit = maximum
        }
        last = query["last"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The value of `Link` (RFC 8288).
public enum LinkField {
    /// Where the list goes on: `</v2/_catalog?n=10&last=team%2Fapp>; rel="next"`. `path` is a route's, and relative.
    public static func next(_ path: String, parameters: [(String, String)]) -> String {
        let query = parameters.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        return "<\(path)\(query.isEmpty ? "" : "?")\(query)>; rel=\"next\""
    }
}
