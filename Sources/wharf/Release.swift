/// What this build is.
enum Release {
    static let version = "0.1.0"

    #if compiler(>=6.4)
        static let swift = "6.4 or later"
    #else
        static let swift = "6.3"
    #endif

    static var platform: String { "\(system) \(architecture)" }

    #if os(Linux)
        private static let system = "Linux"
    #else
        private static let system = "unknown system"
    #endif

    #if arch(x86_64)
        private static let architecture = "x86_64"
    #elseif arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "unknown architecture"
    #endif
}
