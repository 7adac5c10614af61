// Stands here until the real ones are published.
extension AccessConfiguration {
    var accessTokens: (realm: String?, service: String) { (nil, "wharf") }
}
