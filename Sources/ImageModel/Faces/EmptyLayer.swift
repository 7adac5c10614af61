import FoundationEssentials

/// The layer that stands for a step which changes no file, in faces that have a layer for each step (v1.md §9.2, §10.3).
public enum EmptyLayer {
    /// A gzip of 1,024 zero bytes, which is an archive without members; always these 32 bytes.
    public static let blob: [UInt8] = Array(Data(base64Encoded: "H4sIAAAJbogA/2IYBaNgFIxYAAgAAP//Lq+17wAEAAA=") ?? Data())
    /// `sha256:a3ed95ca…`
    public static let digest = Digest.of(blob, .sha256)
    /// Of the 1,024 zero bytes: `sha256:5f70bf18…`
    public static let diffID = Digest.of([UInt8](repeating: 0, count: 1024), .sha256)
}
