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
    /// The configuration lets nobody move or delete the tag.
    case tagImmutable(Tag)
    case blobUnknown
    /// The blob is larger than the limit.
    case blobTooLarge(limit: Int64)
    /// A manifest of the repository names the blob.
    case blobInUse(by: Digest)
    /// The bytes are not those that the digest names.
    case digestMismatch
    case uploadUnknown
    /// Another request is writing to the upload.
    case uploadBusy
    /// The bytes do not begin where the upload ends.
    case uploadOutOfOrder(UploadStatus)
    /// There are more or fewer bytes than were announced.
    case lengthMismatch
    case tooManyUploads(limit: Int)
    case manifestUnknown
    case manifestInvalid(Manifest.Refusal)
    case schema1Invalid(Schema1Manifest.Refusal)
    /// The manifest is of schema 1, and its signatures are missing or wrong, in so many words.
    case manifestUnverified(String)
    /// What was pushed cannot be shown so.
    case conversionRefused(ConversionRefusal, as: Face)
    /// The digest stands for a manifest of this other type already.
    case manifestTypeDiffers(MediaType)
    /// The manifest names what the repository does not hold.
    case referencesUnknown([Digest])
    /// An index of the repository lists the manifest.
    case manifestInUse(by: Digest)
    /// A sweep is taking these very bytes away; a moment later they can be brought again.
    case removalUnderway
    case storageFull
}
