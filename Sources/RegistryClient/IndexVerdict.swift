public import ImageModel

/// What an index says of a token.
public enum IndexVerdict: Sendable, Equatable {
    /// The token is good for the repository and the access. With the images that the index has for the repository, base to top as
    /// declared; nil for a deletion, of which the index does not say.
    case allowed([ImageID]?)
    case refused(IndexRefusal)
    /// The index cannot be asked, or does not answer as an index does: with words for a log. Whether the token is good is not known.
    case unreachable(String)
}

/// Why an index refuses.
public enum IndexRefusal: Sendable, Equatable {
    /// 401: the token is none, or no longer.
    case unauthorized
    /// 403: the token is for something else, or its holder may not.
    case forbidden
    /// 404: the index has no such repository, or its holder may not see it.
    case unknown
}
