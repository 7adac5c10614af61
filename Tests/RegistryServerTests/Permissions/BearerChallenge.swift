/// `Bearer realm="…",service="…"[,scope="…"][,error="…"]`, read strictly: these parameters, in this order, each quoted, and nothing else
/// (Docker's token specification; RFC 6750 §3).
struct BearerChallenge: Equatable {
    let realm: String
    let service: String
    let scope: String?
    let error: String?

    init?(_ field: String) {
        guard let match = field.wholeMatch(of: Self.form) else { return nil }
        realm = String(match.output.1)
        service = String(match.output.2)
        scope = match.output.3.map(String.init)
        error = match.output.4.map(String.init)
    }

    private static var form: Regex<(Substring, Substring, Substring, Substring?, Substring?)> {
        /Bearer realm="([^"\\]+)",service="([^"\\]+)"(?:,scope="([^"\\]+)")?(?:,error="([^"\\]+)")?/
    }
}
