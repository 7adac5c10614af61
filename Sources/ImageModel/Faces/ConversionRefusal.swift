/// Why something has no face of the kind that was asked for.
public enum ConversionRefusal: Error, Hashable, Sendable {
    /// An artifact, or a manifest whose config is no image's.
    case notAnImage
    /// An index that lists no image which runs anywhere.
    case noRunnableImage
    /// A layer that must not be given on, and that the registry does not hold.
    case foreignLayer(Digest)
    /// A layer that is no file system, or one of a kind that the face has no word for.
    case layerTypeUnknown(MediaType)
    case layerCountDiffers(layers: Int, diffIDs: Int)
    /// What is wrong with the config, as the end of a sentence: `has no rootfs`.
    case configInvalid(String)
    /// In bytes.
    case configTooLarge(limit: Int)
    /// The document of a v1 image is no JSON object that can be read.
    case documentInvalid
    /// v1 images whose ids and parents do not link.
    case notAChain
    /// Layers on top of a Windows base that is in no registry.
    case windowsBase
    case layerDamaged(Digest)
    case layerMissing(Digest)
    /// In bytes.
    case layerExpandsTooFar(limit: Int64)
    /// In bytes.
    case layerNeedsTooMuchMemory(limit: Int64)
    /// The id stands for another image in the repository already.
    case idTaken(ImageID)
}

extension ConversionRefusal: CustomStringConvertible {
    /// One sentence for the person who pulls, without a capital and a full stop.
    public var description: String {
        switch self {
        case .notAnImage: "it is not a container image"
        case .noRunnableImage: "the index lists no container image that can be run"
        case .foreignLayer(let digest): "the layer \(digest) is foreign and not in this registry"
        case .layerTypeUnknown(let type): "a layer of the type \(type) cannot be shown in this form"
        case .layerCountDiffers(let layers, let diffIDs): "the manifest has \(layers) layers, but the image's config has \(diffIDs)"
        case .configInvalid(let reason): "the image's config \(reason)"
        case .configTooLarge(let limit): "the image's config is larger than \(limit) bytes"
        case .documentInvalid: "the JSON document of an image in the chain cannot be read"
        case .notAChain: "the ids and parents of the images do not make a chain"
        case .windowsBase: "the image stands on a Windows base layer that is in no registry"
        case .layerDamaged(let digest): "the layer \(digest) is damaged"
        case .layerMissing(let digest): "the layer \(digest) is missing"
        case .layerExpandsTooFar(let limit): "a layer unpacks to more than \(limit) bytes"
        case .layerNeedsTooMuchMemory(let limit): "unpacking a layer takes more than \(limit) bytes of memory"
        case .idTaken(let id): "the id \(id) stands for another image in this repository"
        }
    }
}
