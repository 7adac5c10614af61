public import ImageModel

/// Everything that a caller may be refused. A case says what is so; how a dialect words it, and with which status, is that dialect's table.
public enum RegistryError: Error, Hashable, Sendable {
    case imageUnknown
    /// The image is there, but its push has not been finished.
    case imageBeingUploaded
    /// The image is complete and stays as it is.
    case imageExists
    /// The id stands for different images in several repositories, and the request names none.
    case imageAmbiguous
    /// Nothing tells the repository of an image that is pushed, and the caller's key is not for all.
    case repositoryNotNamed
    /// Somebody else began the image anew while its layer was on the way.
    case imageReplaced
    case imageDocumentInvalid(V1Image.Refusal)
    /// The document's id is not the id that the request names.
    case imageIDMismatch
    case parentUnknown
    case ancestryTooLong(limit: Int)
    case layerMissing
    case layerTooLarge(limit: Int64)
    /// The layer unpacks to more than the limit.
    case layerExpandsTooFar(limit: Int64)
    /// Unpacking the layer takes more memory, in bytes, than the registry gives.
    case layerNeedsTooMuchMemory(limit: Int64)
    /// The layer is no archive whose files could be listed.
    case layerNotListable
    case checksumMissing
    case checksumUnsupported(String)
    case checksumMismatch
    /// The image is complete, with another sum than the one offered.
    case checksumSettled
    case repositoryUnknown
    /// A name or an address is somebody's already, of whatever kind.
    case nameTaken
    case userUnknown
    case keyUnknown
    case organizationUnknown
    /// The organization has repositories.
    case organizationInUse
    case invitationUnknown
    case tagUnknown(Tag)
    case storageFull
}
