/// A way in which an image is shown on the wire. The same image has them all, derived from the one as which it was pushed.
public enum Face: String, Sendable, CaseIterable, Hashable {
    /// A chain of v1 images, a document and a layer each (v1.md §7).
    case v1
    /// A signed manifest of schema 1 (v1.md §10).
    case schema1
    /// A manifest of Docker's schema 2.
    case docker
    /// A manifest of OCI.
    case oci
}
