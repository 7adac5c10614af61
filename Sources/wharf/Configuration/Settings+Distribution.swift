import ImageModel

extension Settings {
    /// What the dialect of today's engines allows (v2, OCI Distribution), and what in either dialect nobody may change.
    enum Distribution {
        static let isOn = Setting(
            "v2", .bool, default: true,
            meaning:
                "Whether the dialect of today's engines is served (`/v2/`, OCI Distribution). When it is not, everything below `/v2/` is "
                + "404, by which older engines know that they should speak v1. It is never served with `role: index`, which keeps no "
                + "images, nor with `auth: index`, as an index knows v1's tokens only: a `role: registry` serves it with "
                + "`auth: token-server`.")

        static let isReadOnly = Setting(
            "read_only", .bool, default: false,
            meaning:
                "Whether clients may only read, in v1 and v2: every push, deletion and change of an account is refused with 405, nobody "
                + "registers, and nothing is swept. Logins and tokens go on. SIGHUP reads it again.")

        static let deletesTags = Setting(
            "deletion.tags", .bool, default: true,
            meaning: "Whether tags may be deleted, in v1 and v2. If not, the request is refused with 405.")

        static let deletesManifests = Setting(
            "deletion.manifests", .bool, default: true,
            meaning: "Whether manifests may be deleted, with their tags (`DELETE /v2/NAME/manifests/DIGEST`).")

        static let deletesBlobs = Setting(
            "deletion.blobs", .bool, default: true,
            meaning: "Whether blobs may be taken out of a repository (`DELETE /v2/NAME/blobs/DIGEST`).")

        static let deletesRepositories = Setting(
            "deletion.repositories", .bool, default: true,
            meaning: "Whether repositories may be deleted with all that is in them, in v1 and v2. (`wharf repo delete` may in any case.)")

        static let immutableTags = Setting(
            "immutable_tags", .tagPatterns,
            meaning:
                "Tags that stay what they are once they are there: in v1 and v2, they are not moved to something else and not deleted, "
                + "neither alone nor with their manifest or repository. To push the same again is fine. When it is not set: none. SIGHUP "
                + "reads it again.")

        static let sparseManifests = Setting<SparseManifests>(
            "manifests.sparse", .choice("WHICH"), default: .refuse,
            meaning:
                "Which manifests may name what the repository does not hold. `refuse`: none. `index`: an index may lack manifests that "
                + "it lists, as when only some platforms are copied. `any`: images may lack their configuration and layers as well.")

        static let platform = Setting<Platform>(
            "faces.platform", .platform, default: Platform(os: "linux", architecture: "amd64"),
            meaning:
                "Which image of an index clients get that know no index: v1, and engines before 1.10. An index without it gives the first "
                + "image that runs. It is chosen when an index is pushed.")

        static let definitions: [SettingDefinition] = [
            isOn.definition, isReadOnly.definition, deletesTags.definition, deletesManifests.definition, deletesBlobs.definition,
            deletesRepositories.definition, immutableTags.definition, sparseManifests.definition, platform.definition,
        ]
    }
}
