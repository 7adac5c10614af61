extension Settings {
    /// How space comes back. The lowest times are for tests: nobody's push is that short.
    enum Sweep {
        static let interval = Setting(
            "sweep.interval", .durationOrNever(.seconds(1)...(.seconds(30 * 86_400))), default: .seconds(3600),
            meaning: "How often the server looks for what nothing needs any more, and removes it. `never` leaves it to `wharf sweep`.")

        static let grace = Setting(
            "sweep.grace", .duration(.seconds(1)...(.seconds(365 * 86_400))), default: .seconds(86_400),
            meaning: "How long a blob stays that no manifest names: a push sends blobs before the manifest, and may rely on those that it "
                + "was told are there. Longer than the longest push.")

        static let uploadLife = Setting(
            "sweep.upload_life", .duration(.seconds(1)...(.seconds(365 * 86_400))), default: .seconds(7 * 86_400),
            meaning:
                "How long an upload that was not finished can be resumed after its last byte. v1 images that no repository has claimed "
                + "stay as long.")

        static let definitions: [SettingDefinition] = [interval.definition, grace.definition, uploadLife.definition]
    }
}
