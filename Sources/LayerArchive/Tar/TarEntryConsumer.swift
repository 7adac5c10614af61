/// One who looks at the members of a tar as they pass: ``begin(_:)``, any number of ``body(_:)``, ``end()``, then the next.
protocol TarEntryConsumer: AnyObject {
    func begin(_ entry: TarEntry) throws(LayerArchiveError)
    /// A span of the body; valid only during the call.
    func body(_ bytes: UnsafeRawBufferPointer)
    func end()
}
