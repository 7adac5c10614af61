public import Logging

/// Writes the events of swift-log into a ``LogSink``: time, level, message, the logger's label, then the metadata sorted by name.
public struct SinkLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let sink: LogSink

    public init(label: String, sink: LogSink, level: Logger.Level) {
        self.label = label
        self.sink = sink
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var writer = LineWriter(format: sink.format)
        writer.begin(event.level, at: .now)
        writer.text("message", event.message.description)
        writer.text("logger", label)
        var values = metadata
        if let provided = metadataProvider?.get() { values.merge(provided) { _, new in new } }
        if let own = event.metadata { values.merge(own) { _, new in new } }
        if let error = event.error { values["error"] = "\(error)" }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            // A name that the line already has would make two answers of one question.
            writer.key(name: Self.ownNames.contains(name) ? name + "_" : name)
            writer.metadata(value)
        }
        writer.end()
        sink.append(writer, level: event.level)
    }

    private static let ownNames: Set<String> = ["time", "level", "message", "logger"]
}

extension LineWriter {
    /// Lists and dictionaries keep their form in JSON and are one quoted value in text.
    mutating func metadata(_ value: Logger.MetadataValue) {
        switch (value, format) {
        case (.string(let text), _): self.value(text)
        case (.stringConvertible(let text), _): self.value(text.description)
        case (.array, .text), (.dictionary, .text): self.value(value.description)
        case (.array(let values), .json):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                metadata(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case (.dictionary(let values), .json):
            bytes.append(UInt8(ascii: "{"))
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                self.value(pair.key)
                bytes.append(UInt8(ascii: ":"))
                metadata(pair.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
