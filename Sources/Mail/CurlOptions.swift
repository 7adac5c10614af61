import CCurl

/// Sets a handle's options and remembers whether curl knew all of them.
final class CurlOptions {
    private let handle: UnsafeMutableRawPointer
    private(set) var areTaken = true

    init(_ handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(handle, option, value)) }

    func set(_ option: CURLoption, offset value: Int) { note(ccurl_set_offset(handle, option, curl_off_t(value))) }

    /// curl copies the text.
    func set(_ option: CURLoption, _ value: String) { note(ccurl_set_text(handle, option, value)) }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) { note(ccurl_set_pointer(handle, option, value)) }

    func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>) { note(ccurl_set_list(handle, option, value)) }

    func set(_ option: CURLoption, _ value: @escaping curl_read_callback) { note(ccurl_set_transfer(handle, option, value)) }

    func setProgress(_ value: @escaping curl_xferinfo_callback) { note(ccurl_set_progress(handle, value)) }

    private func note(_ code: CURLcode) {
        if code != CURLE_OK { areTaken = false }
    }
}
