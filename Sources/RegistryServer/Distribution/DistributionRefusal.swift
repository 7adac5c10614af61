import ImageModel
import RegistryWire

/// What the Distribution dialect refuses before the registry is asked.
enum DistributionRefusal: Error, Hashable {
    case path(PathRefusal)
    case unknownPath
    case methodNotAllowed([Method])
    /// A query that cannot be read.
    case query
    /// `n` is no number of elements.
    case pageSize
    case digestMissing
    case digestInvalid(String)
    case algorithmUnknown(String)
    case contentRangeInvalid
    case contentTypeInvalid
    /// `Range` asks for what is not within the blob.
    case rangeNotSatisfiable(size: Int64)
    /// `Content-Range` and the body's length contradict each other.
    case rangeContradictsLength
    case manifestTooLarge(limit: Int)
    case tagInvalid(String)
    /// Tags beside a reference that is one already.
    case tagsWithoutDigest
    case tooManyTags(limit: Int)
    /// What the tag names can be shown as nothing that the client takes.
    case notAcceptable(Tagged)
    case readOnly
    /// The configuration lets nobody delete these.
    case deletionOff(String)
    /// The token that was shown is not for this, although its holder may.
    case insufficientScope
}
