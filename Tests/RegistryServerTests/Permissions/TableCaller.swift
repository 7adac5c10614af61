/// Who sends the requests of the tables in Tests/Permissions, by the names that they have there.
enum TableCaller: String, CaseIterable, Sendable {
    case nobody = "no credentials"
    case emptyBasic = "empty basic"
    case emptyToken = "empty token"

    case wrongPassword = "wrong password"
    case unknownUser = "unknown user"
    case revokedKey = "revoked key"
    case expiredKey = "expired key"
    case expiredToken = "expired token"
    case forgedToken = "forged token"
    case disabledWrongly = "disabled with a wrong password"

    case unconfirmed
    case disabled
    case disabledByKey = "disabled by key"
    case disabledByToken = "disabled by token"

    case stranger
    case reader
    case readerByRule = "reader by rule"
    case organizationReader = "organization reader"
    case readKey = "read key"
    case writer
    case organizationWriter = "organization writer"
    case writeKey = "write key"
    case rootWriteKey = "root write key"
    case owner
    case organizationAdmin = "organization admin"
    case administrator
    case adminKey = "admin key"
    case keyForAnother = "key for another"

    case readToken = "read token"
    case writeToken = "write token"
    case cookie
    case deleteToken = "delete token"
    case tokenForAnother = "token for another"

    /// Whose repositories the caller's columns mean.
    var namespace: String {
        switch self {
        case .organizationReader, .organizationWriter, .organizationAdmin: "acme"
        default: "alice"
        }
    }

    /// The account that is the caller's own; of nobody in particular the owner's.
    var user: String {
        switch self {
        case .stranger: "stan"
        case .reader: "rita"
        case .readerByRule: "rudi"
        case .organizationReader: "mara"
        case .writer: "wanda"
        case .organizationWriter: "paul"
        case .organizationAdmin: "olga"
        case .administrator, .rootWriteKey: "root"
        case .unconfirmed: "ulla"
        case .disabled, .disabledByKey, .disabledByToken, .disabledWrongly: "dora"
        case .unknownUser: "ghost"
        default: "alice"
        }
    }
}
