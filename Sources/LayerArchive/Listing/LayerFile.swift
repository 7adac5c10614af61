/// One line of a layer's `files` document (v1.md §6.4).
public struct LayerFile: Hashable, Sendable {
    /// What a member is, by the letters of the document.
    public enum Kind: Character, Hashable, Sendable {
        case regular = "f"
        case hardLink = "l"
        case symbolicLink = "s"
        case characterDevice = "c"
        case blockDevice = "b"
        case directory = "d"
        case pipe = "i"
        case contiguous = "t"
        case sparse = "S"
        case unknown = "u"
    }

    /// From the root of the layer, beginning with `/`; of a whiteout the path that it deletes. Bytes that are no UTF-8 are replaced
    /// (U+FFFD).
    public let path: String
    public let kind: Kind
    /// True for a whiteout: the layer takes away the file of the layers below.
    public let isDeleted: Bool
    /// In bytes, as the tar's header has it.
    public let size: Int64
    /// Whole seconds since 1970.
    public let mtime: Int64
    /// Permission bits, as the tar's header has them.
    public let mode: Int64
    public let uid: Int64
    public let gid: Int64

    public init(path: String, kind: Kind, isDeleted: Bool, size: Int64, mtime: Int64, mode: Int64, uid: Int64, gid: Int64) {
        self.path = path
        self.kind = kind
        self.isDeleted = isDeleted
        self.size = size
        self.mtime = mtime
        self.mode = mode
        self.uid = uid
        self.gid = gid
    }
}

extension LayerFile {
    /// Nil for the union file system's own records (`.wh..wh.aufs` and the like, and what lies in them), which are no files of the layer.
    init?(_ entry: TarEntry) {
        let slash = UInt8(ascii: "/")
        var path = TarPath.rooted(entry.name)
        guard !path.split(separator: slash).contains(where: { $0.starts(with: Self.metadataPrefix) }) else { return nil }
        let nameStart = (path.lastIndex(of: slash) ?? -1) + 1
        let name = path[nameStart...]
        let isWhiteout = name.starts(with: Self.whiteoutPrefix) && name.count > Self.whiteoutPrefix.count
        if isWhiteout { path.removeSubrange(nameStart..<(nameStart + Self.whiteoutPrefix.count)) }
        self.init(
            path: String(decoding: path, as: UTF8.self), kind: Kind(entry), isDeleted: isWhiteout, size: entry.size, mtime: entry.mtime,
            mode: entry.mode, uid: entry.uid, gid: entry.gid)
    }

    private static let whiteoutPrefix = Array(".wh.".utf8)
    private static let metadataPrefix = Array(".wh..wh.".utf8)
}

extension LayerFile.Kind {
    fileprivate init(_ entry: TarEntry) {
        self =
            switch entry.typeflag {
            case UInt8(ascii: "0"): .regular
            // Before POSIX, a directory was a file whose name ends with a slash.
            case 0: entry.name.last == UInt8(ascii: "/") ? .directory : .regular
            case UInt8(ascii: "1"): .hardLink
            case UInt8(ascii: "2"): .symbolicLink
            case UInt8(ascii: "3"): .characterDevice
            case UInt8(ascii: "4"): .blockDevice
            case UInt8(ascii: "5"): .directory
            case UInt8(ascii: "6"): .pipe
            case UInt8(ascii: "7"): .contiguous
            case UInt8(ascii: "S"): .sparse
            default: .unknown
            }
    }
}
