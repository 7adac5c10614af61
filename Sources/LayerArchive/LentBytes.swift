/// Takes the caller's bytes behind a lock. Unchecked, and safe all the same: the bytes are only read, the caller waits meanwhile, and the
/// state behind the lock keeps no pointer to them after the call.
struct LentBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
}
