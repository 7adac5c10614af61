extension Settings {
    /// Bounds on what one client can make the server take.
    enum Limit {
        private static let gibibyte = 1 << 30
        private static let mebibyte = 1 << 20
        private static let kibibyte = 1 << 10

        static let layerSize = Setting(
            "limits.layer_size", .sizeOrUnlimited(from: mebibyte), default: 64 * gibibyte,
            meaning:
                "The largest layer of v1 and the largest blob of v2, as it is sent. Far above any that is in use, so that only a client that "
                + "never stops is cut off before the disk is full.")

        static let uncompressedLayerSize = Setting(
            "limits.uncompressed_layer_size", .sizeOrUnlimited(from: mebibyte), default: 64 * gibibyte,
            meaning: "The most that a layer of v1 may hold once it is uncompressed. It is counted, not stored; this bounds the work that a "
                + "compression bomb can cause.")

        static let imageJSONSize = Setting(
            "limits.image_json_size", .size(kibibyte...64 * mebibyte), default: 4 * mebibyte,
            meaning: "The largest JSON description of a v1 image. It is held in memory while it is read.")

        static let manifestSize = Setting(
            "limits.manifest_size", .size(kibibyte...64 * mebibyte), default: 4 * mebibyte,
            meaning: "The largest manifest or index of v2. It is held in memory while it is read. Clients rely on 4 MiB.")

        static let manifestReferences = Setting(
            "limits.manifest_references", .count(1...1_000_000), default: 10_000,
            meaning: "The most layers, blobs or manifests that one manifest or index of v2 may name.")

        static let imageConfigSize = Setting(
            "limits.image_config_size", .size(kibibyte...64 * mebibyte), default: 4 * mebibyte,
            meaning:
                "The largest image configuration that is read to show an image to clients of another dialect (docs/faces.md). It is held in "
                + "memory meanwhile. A larger one is stored and served all the same.")

        static let derivations = Setting(
            "limits.derivations", .count(1...256), default: 4,
            meaning:
                "The most layers at a time that are read to show an image to clients of another dialect (docs/faces.md), and perhaps packed "
                + "anew; further ones wait.")

        static let tagsPerManifest = Setting(
            "limits.tags_per_manifest", .count(1...10_000), default: 100,
            meaning: "The most tags that the push of one manifest may set with `tag` parameters.")

        static let openUploads = Setting(
            "limits.open_uploads", .count(1...1_000_000), default: 1000,
            meaning:
                "The most unfinished uploads of v2 that a repository may have; further ones are refused until one is finished, cancelled "
                + "or swept away (`sweep.upload_life`).")

        static let pageSize = Setting(
            "limits.page_size", .count(1...1_000_000), default: 10_000,
            meaning: "The most names on one page of v2's tag lists and catalog, whatever `n` asks for; a `Link` leads to the next.")

        static let requestBodySize = Setting(
            "limits.request_body_size", .size(kibibyte...1024 * mebibyte), default: 16 * mebibyte,
            meaning: "The largest body of all other requests: tags, lists of images, accounts. It is held in memory while it is read.")

        static let imagesPerList = Setting(
            "limits.images_per_list", .count(1...10_000_000), default: 100_000,
            meaning: "The most images that one `PUT /v1/repositories/…/images` may list.")

        static let ancestry = Setting(
            "limits.ancestry", .count(1...65_536), default: 1024,
            meaning: "The longest chain of parents of a v1 image. Engines themselves stop at 127 layers.")

        static let headerSize = Setting(
            "limits.header_size", .size(4 * kibibyte...2 * mebibyte), default: 64 * kibibyte,
            meaning: "The most bytes that all header fields of a request may have together.")

        static let connections = Setting(
            "limits.connections", .count(1...1_000_000), default: 4096,
            meaning: "The most connections at a time; further ones wait to be accepted. Each can need two file descriptors.")

        static let passwordDerivations = Setting(
            "limits.password_derivations", .count(1...256), default: 2,
            meaning: "The most passwords that are checked at a time; further ones wait. Each takes some 33 MiB of memory and a processor "
                + "core, on purpose. A password that was right before is known again without it.")

        static let loginFailures = Setting(
            "limits.login_failures", .count(1...1000), default: 5,
            meaning: "The wrong passwords from one address, or for one name, after which answers to further ones are slowed.")

        static let fileListings = Setting(
            "limits.file_listings", .count(1...256), default: 2,
            meaning: "The most layers that are unpacked at a time to list their files (`…/files` and `…/diff`); further requests wait.")

        static let definitions: [SettingDefinition] = [
            layerSize.definition, uncompressedLayerSize.definition, imageJSONSize.definition, manifestSize.definition,
            manifestReferences.definition, imageConfigSize.definition, derivations.definition, tagsPerManifest.definition,
            openUploads.definition, pageSize.definition,
            requestBodySize.definition, imagesPerList.definition, ancestry.definition, headerSize.definition, connections.definition,
            passwordDerivations.definition, loginFailures.definition, fileListings.definition,
        ]
    }
}
