import RegistryWire

/// What the v1 dialect refuses before the registry is asked.
enum V1Refusal: Error, Hashable {
    case path(PathRefusal)
    case unknownPath
    case methodNotAllowed([Method])
    case query
    case bodyTooLarge(limit: Int)
    case tooManyImages(limit: Int)
    /// The body is no JSON.
    case notJSON
    /// The body is JSON of another kind than the route takes.
    case invalidData
}
