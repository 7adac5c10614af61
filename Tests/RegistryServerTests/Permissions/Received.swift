@testable import RegistryTesting

/// An answer as it came over the wire.
struct Received: Sendable {
    /// `404 Not Found`.
    let status: String
    /// `Name: value`, in their order.
    let fields: [String]
    let body: [UInt8]

    init(_ bytes: [UInt8]) {
        let answer = HTTPText.Answer(bytes)
        status = answer.status
        fields = answer.fields
        body = answer.body
    }

    var code: Int { Int(status.prefix(3)) ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of the fields of this name, which is written in lower case.
    func values(of name: String) -> [String] {
        fields.filter { HTTPText.name(of: $0) == name }.map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
    }

    /// As ``comparable``, without what the request itself has named.
    func comparable(without names: [String]) -> [String] {
        var names = names
        for match in (fields.joined(separator: " ") + text).matches(of: Self.upload) { names.append(String(match.output)) }
        func cleared(_ text: String) -> String {
            names.sorted { $0.count > $1.count }.reduce(text) { $0.replacing($1, with: "") }
        }
        let body = cleared(text)
        let fields = fields.map { field in
            field.lowercased() == "content-length: \(self.body.count)" ? "content-length: \(body.utf8.count)" : cleared(field)
        }
        return [status] + fields.filter { HTTPText.name(of: $0) != "date" }.sorted() + [body]
    }

    /// A version 4 UUID.
    private static var upload: Regex<Substring> { /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/ }

    /// Everything but the date.
    var comparable: [String] { [status] + fields.filter { HTTPText.name(of: $0) != "date" }.sorted() + [text] }
}
