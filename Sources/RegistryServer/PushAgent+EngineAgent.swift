import ImageRegistry
import RegistryWire

extension PushAgent {
    init(_ agent: EngineAgent) {
        self.init(
            dockerVersion: agent.docker, goVersion: agent.go, architecture: agent.arch, operatingSystem: agent.os, kernel: agent.kernel)
    }
}
