/// Decodes the members of one compressed format, one after the other.
protocol MemberDecoder: AnyObject {
    /// Gets ready for a member from its first byte. False when there is no memory.
    func start() -> Bool

    /// Decodes some of `input`, which it advances, into `output`.
    ///
    /// - Returns: how many bytes of `output` are filled, and what is next. With ``DecoderState/running`` and a full output there may be
    ///   more to come without further input.
    func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> (filled: Int, state: DecoderState)
}

enum DecoderState {
    case running
    /// The member is whole and its own checksum right.
    case memberEnded
    case corrupt
    /// Decoding takes more memory than allowed.
    case outOfMemory
}

extension UnsafeRawBufferPointer {
    /// The pointer and count that C decoders want. They take a mutable pointer for historical reasons and do not write through it.
    var cInput: (UnsafeMutableRawPointer?, UInt32) {
        (UnsafeMutableRawPointer(mutating: baseAddress), UInt32(clamping: count))
    }
}
