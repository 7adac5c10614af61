import RegistryWire

/// What the v1 dialect refuses before the registry is asked, rights excepted: those are ``AccessRefusal``.
enum V1Refusal: Error, Hashable {
    case path(PathRefusal)
    case unknownPath
    case methodNotAllowed([Method])
    case query
    case bodyTooLarge(limit: Int)
    case tooManyImages(limit: Int)
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
    case readOnly
    /// The configuration lets nobody delete these.
    case deletionOff(String)
    /// The body is no JSON.
    case notJSON
    /// The body is JSON of another kind than the route takes.
    case invalidData
}
