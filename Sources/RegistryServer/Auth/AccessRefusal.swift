/// Why a caller is not let in, whatever dialect is spoken; each dialect's error table renders it.
enum AccessRefusal: Error, Hashable {
    /// Whoever is somebody may; the request shows nobody.
    case loginRequired
    /// Or over, or not for this registry.
    case credentialsWrong
    case accountInactive
    case permissionDenied
    /// A password over plain HTTP.
    case cleartextCredentials
    case addressRefused
    case tooManyLogins
    /// Too many wait already for what only a few may do at a time.
    case tooBusy
    /// The index that should prove a token does not answer.
    case indexUnreachable(String)
}
