import Configuration

/// One place that values come from.
///
/// The places are providers of swift-configuration. Its `ConfigReader` is left out: it does not tell which provider a value came from
/// (except to an access reporter), and answers a bad value with an error that lacks what is accepted instead.
struct SettingSource: Sendable {
    let provider: any ConfigProvider
    let origin: @Sendable (SettingKey) -> Origin

    func find(_ key: SettingKey) -> (text: String, origin: Origin)? {
        // Neither provider used here throws for strings.
        guard let value = try? provider.value(forKey: key.absolute, type: .string).value, case .string(let text) = value.content else {
            return nil
        }
        return (text, origin(key))
    }
}
