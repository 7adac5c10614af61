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

    /// Everything but the date.
    var comparable: [String] { [status] + fields.filter { HTTPText.name(of: $0) != "date" }.sorted() + [text] }
}
