/// One row of an answer; columns are asked for by name and type.
public struct Row: Sendable {
    private let columns: [String]
    private let values: [SQLValue]

    public init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// A column that is not there, or holds another type than the program expects: the program and its schema disagree.
    public struct Mismatch: Error, CustomStringConvertible {
        public let column: String
        public let expected: String

        public init(column: String, expected: String) {
            self.column = column
            self.expected = expected
        }

        public var description: String { "column \(column) is not \(expected)" }
    }

    public func text(_ column: String) throws -> String {
        guard let text = try textIfAny(column) else { throw Mismatch(column: column, expected: "text") }
        return text
    }

    public func textIfAny(_ column: String) throws -> String? {
        switch value(column) {
        case .text(let text): text
        case .null: nil
        default: throw Mismatch(column: column, expected: "text or null")
        }
    }

    public func integer(_ column: String) throws -> Int64 {
        guard let integer = try integerIfAny(column) else { throw Mismatch(column: column, expected: "an integer") }
        return integer
    }

    public func integerIfAny(_ column: String) throws -> Int64? {
        switch value(column) {
        case .integer(let integer): integer
        case .null: nil
        default: throw Mismatch(column: column, expected: "an integer or null")
        }
    }

    public func bool(_ column: String) throws -> Bool { try integer(column) != 0 }

    public func bytes(_ column: String) throws -> [UInt8] {
        guard case .bytes(let bytes) = value(column) else { throw Mismatch(column: column, expected: "bytes") }
        return bytes
    }

    public func bytesIfAny(_ column: String) throws -> [UInt8]? {
        switch value(column) {
        case .bytes(let bytes): bytes
        case .null: nil
        default: throw Mismatch(column: column, expected: "bytes or null")
        }
    }

    private func value(_ column: String) -> SQLValue? {
        columns.firstIndex(of: column).map { values[$0] }
    }
}
