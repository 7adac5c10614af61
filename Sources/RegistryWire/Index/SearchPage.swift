/// The answer of `GET /v1/search` (Registry API v1, "Search"; v1.md §2.8).
public struct SearchPage: Encodable, Sendable, Equatable {
    public struct Result: Encodable, Sendable, Equatable {
        public let name: String
        public let description: String
        public let starCount: Int
        public let isOfficial: Bool
        public let isAutomated: Bool
        public let isTrusted: Bool

        public init(name: String, description: String, starCount: Int, isOfficial: Bool, isAutomated: Bool, isTrusted: Bool) {
            self.name = name
            self.description = description
            self.starCount = starCount
            self.isOfficial = isOfficial
            self.isAutomated = isAutomated
            self.isTrusted = isTrusted
        }

        enum CodingKeys: String, CodingKey {
            case name, description
            case starCount = "star_count"
            case isOfficial = "is_official"
            case isAutomated = "is_automated"
            case isTrusted = "is_trusted"
        }
    }

    public let pageCount: Int
    public let resultCount: Int
    public let results: [Result]
    public let pageSize: Int
    public let query: String
    public let page: Int

    public init(resultCount: Int, results: [Result], request: SearchRequest) {
        self.pageCount = (resultCount + request.pageSize - 1) / request.pageSize
        self.resultCount = resultCount
        self.results = results
        self.pageSize = request.pageSize
        self.query = request.query
        self.page = request.page
    }

    enum CodingKeys: String, CodingKey {
        case pageCount = "num_pages"
        case resultCount = "num_results"
        case results
        case pageSize = "page_size"
        case query, page
    }
}

/// What `GET /v1/search` asks for.
public struct SearchRequest: Sendable, Equatable {
    public static let pageSizes = 1...100
    public static let defaultPageSize = 25
    /// The longest query, in bytes; the rest of a longer one is left out.
    public static let queryLengthLimit = 256
    /// The last page there can be, so that an offset stays a sensible number.
    static let lastPage = 1_000_000

    /// An empty query asks for every repository.
    public let query: String
    public let pageSize: Int
    /// Counted from 1.
    public let page: Int

    /// Numbers outside their range become the nearest one inside; what is no number is the default.
    public init(_ query: RequestQuery) {
        self.query = Self.shortened(query["q"] ?? "")
        self.pageSize = Self.number(query["n"], in: Self.pageSizes, default: Self.defaultPageSize)
        self.page = Self.number(query["page"], in: 1...Self.lastPage, default: 1)
    }

    public var offset: Int { (page - 1) * pageSize }

    private static func shortened(_ text: String) -> String {
        var length = 0
        return String(
            text.prefix { character in
                length += character.utf8.count
                return length <= queryLengthLimit
            })
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let text, !text.isEmpty else { return standard }
        if let number = Int(text) { return min(max(number, range.lowerBound), range.upperBound) }
        // More digits than a machine word holds is still a number, and its nearest is an end of the range.
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return standard }
        return text.hasPrefix("-") ? range.lowerBound : range.upperBound
    }
}
