/// A value that goes into a statement or comes out of a row.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// A text with a NUL was to be bound, which no database takes for what it is: it should have been refused at the door.
public struct SQLTextWithNUL: Error {
    public init() {}
}

/// What can be bound to a statement.
public protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable { public var sqlValue: SQLValue { self } }
extension String: SQLBindable { public var sqlValue: SQLValue { .text(self) } }
extension Int64: SQLBindable { public var sqlValue: SQLValue { .integer(self) } }
extension Int: SQLBindable { public var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Bool: SQLBindable { public var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension [UInt8]: SQLBindable { public var sqlValue: SQLValue { .bytes(self) } }
extension Optional: SQLBindable where Wrapped: SQLBindable {
    public var sqlValue: SQLValue { self.map(\.sqlValue) ?? .null }
}

/// A statement with its values: every interpolation is bound, so that a value can never be read as SQL.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The statement with `?` for each value.
    public let text: String
    public let values: [SQLValue]

    public init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var values: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        public mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            text += "?"
            values.append(value?.sqlValue ?? .null)
        }

        /// A piece of a statement with values of its own.
        public mutating func appendInterpolation(_ piece: SQL) {
            text += piece.text
            values += piece.values
        }
    }

    /// The pieces with `separator` between them.
    public static func joined(_ pieces: [SQL], by separator: SQL) -> SQL {
        guard let first = pieces.first else { return "" }
        return pieces.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
    }
}
