/// The codes of OCI Distribution, "Error Codes".
public enum DistributionErrorCode: String, Sendable, CaseIterable {
    case blobUnknown = "BLOB_UNKNOWN"
    case blobUploadInvalid = "BLOB_UPLOAD_INVALID"
    case blobUploadUnknown = "BLOB_UPLOAD_UNKNOWN"
    case digestInvalid = "DIGEST_INVALID"
    case manifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN"
    case manifestInvalid = "MANIFEST_INVALID"
    case manifestUnknown = "MANIFEST_UNKNOWN"
    /// Of manifests of schema 1, whose signatures are checked.
    case manifestUnverified = "MANIFEST_UNVERIFIED"
    case nameInvalid = "NAME_INVALID"
    case nameUnknown = "NAME_UNKNOWN"
    case sizeInvalid = "SIZE_INVALID"
    case unauthorized = "UNAUTHORIZED"
    case denied = "DENIED"
    case unsupported = "UNSUPPORTED"
    case tooManyRequests = "TOOMANYREQUESTS"
}

/// One of the reasons why a request under `/v2/` failed.
public struct DistributionError: Error, Hashable, Sendable {
    /// Facts for programs: an object of strings and of lists of strings.
    public struct Detail: Hashable, Sendable, ExpressibleByDictionaryLiteral {
        public enum Value: Hashable, Sendable, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral {
            case text(String)
            case list([String])

            public init(stringLiteral text: String) { self = .text(text) }

            public init(arrayLiteral texts: String...) { self = .list(texts) }
        }

        fileprivate let fields: [Field]

        fileprivate struct Field: Hashable {
            let name: String
            let value: Value
        }

        /// The fields are written in this order.
        public init(dictionaryLiteral fields: (String, Value)...) {
            self.fields = fields.map { Field(name: $0.0, value: $0.1) }
        }
    }

    public let code: DistributionErrorCode
    /// One sentence for people; engines show it.
    public let message: String
    public let detail: Detail?

    public init(_ code: DistributionErrorCode, _ message: String, detail: Detail? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
    }
}

/// The body of every failure under `/v2/`. There is always a list: engines 1.8 and 1.9 crash without one.
public struct DistributionErrors: Hashable, Sendable {
    public let errors: [DistributionError]

    public init(_ errors: [DistributionError]) { self.errors = errors }

    public init(_ error: DistributionError) { self.init([error]) }

    /// `{"errors":[{"code":"…","message":"…","detail":{…}}]}`, without `detail` where there is none.
    public var json: [UInt8] {
        var bytes = Array(#"{"errors":"#.utf8)
        JSONText.append(each: errors, between: "[", "]", to: &bytes) { error, bytes in
            bytes += Array(#"{"code":"#.utf8)
            JSONText.append(error.code.rawValue, to: &bytes)
            bytes += Array(#","message":"#.utf8)
            JSONText.append(error.message, to: &bytes)
            if let detail = error.detail {
                bytes += Array(#","detail":"#.utf8)
                Self.append(detail, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func append(_ detail: DistributionError.Detail, to bytes: inout [UInt8]) {
        JSONText.append(each: detail.fields, between: "{", "}", to: &bytes) { field, bytes in
            JSONText.append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            switch field.value {
            case .text(let text): JSONText.append(text, to: &bytes)
            case .list(let texts): JSONText.append(texts, to: &bytes)
            }
        }
    }
}
