import Testing

@testable import RegistryMetrics

@Suite("The text for Prometheus")
struct MetricsTextTests {
    @Test("everything that was counted, as a whole")
    func whole() {
        let process = ProcessFigures(
            stat: "42 (a ) b) S 1 42 42 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 9 0 1250 99999 500 18446744073709551615", system: system,
            ticksPerSecond: 100, pageSize: 4096, openFiles: 7, maximumFiles: 1024)
        let metrics = MetricsRegistry(version: "1.0\"\\\n") { process }
        metrics.recordRequest(route: "manifest", method: "GET", status: 200, seconds: 0.5, bytesIn: 0, bytesOut: 500)
        metrics.recordRequest(route: "manifest", method: "GET", status: 200, seconds: 0.25, bytesIn: 0, bytesOut: 500)
        metrics.recordRequest(route: "manifest", method: "HEAD", status: 404, seconds: 400, bytesIn: 0, bytesOut: 0)
        metrics.recordRequest(route: nil, method: "BREW", status: 0, seconds: -.infinity, bytesIn: 3_000_000_000, bytesOut: -1)
        metrics.record(StoreCall.open, .absent, seconds: 0.5)
        metrics.record(DatabaseCall.write, .refused, seconds: 20)
        metrics.record(DatabaseCall.read, .ok, seconds: 0.25)
        metrics.record(DatabaseCall.read, .ok, seconds: 0.5)
        #expect(String(decoding: metrics.text(), as: UTF8.self) == Self.expected)
    }

    @Test("a histogram's bounds belong to the bucket below")
    func bounds() {
        for bounds in [Histogram.Bounds.requests, .calls] {
            #expect(bounds.values.count == bounds.texts.count)
            #expect(bounds.values == bounds.values.sorted())
            for (index, bound) in bounds.values.enumerated() {
                var histogram = Histogram(bounds)
                histogram.observe(bound)
                histogram.observe(bound.nextUp)
                var exposition = Exposition()
                histogram.write(to: &exposition, as: "h", labels: [:])
                let lines = String(decoding: exposition.bytes, as: UTF8.self).split(separator: "\n")
                #expect(lines[index] == "h_bucket{le=\"\(bounds.texts[index])\"} 1")
                #expect(lines[index + 1].hasSuffix("} 2"))
            }
        }
    }

    @Test("routes and methods are bounded, whatever is counted")
    func bounded() {
        let metrics = MetricsRegistry(version: "1") { nil }
        for index in 0..<1000 {
            metrics.recordRequest(route: "r\(index)", method: "M\(index)", status: index, seconds: 0, bytesIn: 0, bytesOut: 1)
            metrics.recordRequest(route: "r0", method: "M\(index)", status: index * 1000, seconds: 0, bytesIn: 0, bytesOut: 0)
        }
        let lines = String(decoding: metrics.text(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("wharf_http_response_bytes_total{") } == 201)
        #expect(lines.contains("wharf_http_response_bytes_total{route=\"other\"} 800"))
        #expect(lines.contains("wharf_http_requests_total{route=\"r0\",method=\"other\",status=\"none\"} 1001"))
    }

    @Test("counts from many threads are all there")
    func concurrent() async {
        let metrics = MetricsRegistry(version: "1") { nil }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        metrics.recordRequest(route: "ping", method: "GET", status: 200, seconds: 0, bytesIn: 1, bytesOut: 2)
                    }
                }
            }
        }
        let lines = String(decoding: metrics.text(), as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("wharf_http_requests_total{route=\"ping\",method=\"GET\",status=\"200\"} 8000"))
        #expect(lines.contains("wharf_http_request_bytes_total{route=\"ping\"} 8000"))
        #expect(lines.contains("wharf_http_response_bytes_total{route=\"ping\"} 16000"))
    }

    @Test("this process has figures that can be true")
    func process() throws {
        let figures = try #require(ProcessFigures.current())
        #expect(figures.residentBytes > 1 << 20)
        #expect(figures.cpuSeconds > 0)
        #expect((3...Int(figures.maximumFiles)).contains(figures.openFiles))
        // 2025 to 2100.
        #expect((1_735_689_600...4_102_444_800).contains(figures.startTime))
    }

    @Test(
        "figures that the kernel does not give are left out", arguments: ["", "42 (a", "42 (a) S 1 2", "1 (a) S a b c d e f g h i j k l"])
    func malformed(stat: String) {
        #expect(
            ProcessFigures(stat: stat, system: system, ticksPerSecond: 100, pageSize: 4096, openFiles: 7, maximumFiles: 9) == nil)
    }

    private let system = "cpu 1 2 3\nbtime 1700000000\nprocesses 5\n"
}
