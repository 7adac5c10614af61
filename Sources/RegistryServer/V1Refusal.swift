import RegistryWire

/// What the v1 dialect refuses before the registry is asked.
enum V1Refusal: Error, Hashable {
    case path(PathRefusal)
    case unknownPath
    case methodNotAllowed([Method])
    case query
    case bodyTooLarge(limit: Int)
    case tooManyImages(limit: Int)
    /// Whoever is somebody may; the request shows nobody.
    case loginRequired
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
    /// The index does not list the image for the token's repository.
    case imageForeign
    /// The route belongs to the half of the protocol that this server does not play.
    case otherRole(AccessConfiguration.Role)
    /// A new user's name, address or password breaks this rule.
    case registrationInvalid(String)
    /// The name or the address is somebody's, or may not be had.
    case nameTaken
    case confirmationInvalid
    case mailFailed
    /// The body is no JSON.
    case notJSON
    /// The body is JSON of another kind than the route takes.
    case invalidData
}
