/// One member of a tar, with the long names and PAX records that go with it resolved.
///
/// Texts are bytes, because tarsums cover them as they stand and tars know no encoding.
struct TarEntry {
    /// An extended attribute (`SCHILY.xattr.` records, prefix removed).
    struct ExtendedAttribute {
        let name: [UInt8]
        let value: [UInt8]
    }

    var name: [UInt8]
    var mode: Int64
    var uid: Int64
    var gid: Int64
    /// As the header has it, in bytes. What follows in the stream is ``bodySize``.
    var size: Int64
    /// Whole seconds since 1970.
    var mtime: Int64
    /// The type byte as it stands: an old NUL stays a NUL.
    var typeflag: UInt8
    var linkname: [UInt8]
    var uname: [UInt8]
    var gname: [UInt8]
    /// 0 unless the entry is a device, whatever the header has.
    var devmajor: Int64
    var devminor: Int64
    /// Sorted by name, bytewise; each name once.
    var extendedAttributes: [ExtendedAttribute] = []
    /// True when blocks with more of an old GNU sparse map stand between the header and the body.
    var hasSparseExtension: Bool

    /// The bytes of the body in the stream. Links, devices, directories and pipes have none, whatever their size field says.
    var bodySize: Int64 { (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(typeflag) ? 0 : size }
}
