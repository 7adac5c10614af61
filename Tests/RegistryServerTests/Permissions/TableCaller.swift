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

    case anonymousBearer = "anonymous bearer"
    case expiredBearer = "expired bearer"
    case forgedBearer = "forged bearer"
    case oldBearer = "old bearer"
    case orphanBearer = "orphan bearer"
    case refreshBearer = "refresh bearer"
    case disabledBearer = "disabled bearer"
    case strangerBearer = "stranger bearer"
    case readerBearer = "reader bearer"
    case readKeyBearer = "read key bearer"
    case writerBearer = "writer bearer"
    case rootBearer = "root bearer"
    case pullBearer = "pull bearer"
    case pushBearer = "push bearer"
    case deleteBearer = "delete bearer"
    case trioBearer = "trio bearer"
    case starBearer = "star bearer"
    case otherBearer = "other bearer"
    case catalogBearer = "catalog bearer"
    case plainBearer = "plain bearer"

    /// Whether the caller sends `Authorization: Bearer`.
    var isBearer: Bool { rawValue.hasSuffix(" bearer") }

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
        case .stranger, .strangerBearer: "stan"
        case .reader, .readerBearer: "rita"
        case .readerByRule: "rudi"
        case .organizationReader: "mara"
        case .writer, .writerBearer: "wanda"
        case .organizationWriter: "paul"
        case .organizationAdmin: "olga"
        case .administrator, .rootWriteKey, .rootBearer: "root"
        case .unconfirmed: "ulla"
        case .disabled, .disabledByKey, .disabledByToken, .disabledWrongly, .disabledBearer: "dora"
        case .oldBearer: "petra"
        case .unknownUser: "ghost"
        default: "alice"
        }
    }
}
