import Foundation

/// What the answer of a search shows.
struct FoundPage {
    let names: [String]
    /// How many it says that there are.
    let count: Int

    init?(_ json: [UInt8]) {
        guard let page = try? JSONDecoder().decode(Page.self, from: Data(json)) else { return nil }
        names = page.results.map(\.name)
        count = page.count
    }

    private struct Page: Decodable {
        struct Result: Decodable { let name: String }

        let results: [Result]
        let count: Int

        enum CodingKeys: String, CodingKey {
            case results
            case count = "num_results"
        }
    }
}
