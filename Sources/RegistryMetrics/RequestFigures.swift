/// Requests by route, method and status.
struct RequestFigures: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
        case other

        init(_ sent: String) { self = sent == "other" ? .other : Method(rawValue: sent) ?? .other }
    }

    private struct Kind: Hashable {
        let method: Method
        /// nil: none was sent.
        let status: Int?

        var labels: (method: String, status: String) { (method.rawValue, status.map { "\($0)" } ?? "none") }
    }

    private struct Route {
        let name: String
        var counts: [Kind: UInt64] = [:]
        var seconds = Histogram(.requests)
        var bytesIn: UInt64 = 0
        var bytesOut: UInt64 = 0
    }

    /// More than any program has; what a mistake in the program makes beyond them counts as one route.
    static let maximumRoutes = 200
    private var indices: [String: Int] = [:]
    private var routes: [Route] = []

    mutating func record(route: String, method: Method, status: Int, seconds: Double, bytesIn: Int64, bytesOut: Int64) {
        let index = index(of: route)
        let kind = Kind(method: method, status: (100...599).contains(status) ? status : nil)
        routes[index].counts[kind, default: 0] += 1
        routes[index].seconds.observe(seconds)
        routes[index].bytesIn &+= UInt64(max(0, bytesIn))
        routes[index].bytesOut &+= UInt64(max(0, bytesOut))
    }

    private mutating func index(of name: String) -> Int {
        if let index = indices[name] { return index }
        let name = routes.count < Self.maximumRoutes ? name : "other"
        if let index = indices[name] { return index }
        indices[name] = routes.count
        routes.append(Route(name: name))
        return routes.count - 1
    }

    func write(to exposition: inout Exposition) {
        let routes = self.routes.sorted { $0.name < $1.name }
        exposition.family("wharf_http_requests_total", .counter, "Requests that were answered, by route, method and status.")
        for route in routes {
            let counts = route.counts.map { (labels: $0.labels, count: $1) }
            for (labels, count) in counts.sorted(by: { $0.labels < $1.labels }) {
                exposition.sample(
                    "wharf_http_requests_total", ["route": route.name, "method": labels.method, "status": labels.status], "\(count)")
            }
        }
        exposition.family(
            "wharf_http_request_seconds", .histogram, "Seconds from the complete head of a request to the last byte of its answer.")
        for route in routes { route.seconds.write(to: &exposition, as: "wharf_http_request_seconds", labels: ["route": route.name]) }
        exposition.family("wharf_http_request_bytes_total", .counter, "Bytes of requests' bodies.")
        for route in routes { exposition.sample("wharf_http_request_bytes_total", ["route": route.name], "\(route.bytesIn)") }
        exposition.family("wharf_http_response_bytes_total", .counter, "Bytes of answers' bodies.")
        for route in routes { exposition.sample("wharf_http_response_bytes_total", ["route": route.name], "\(route.bytesOut)") }
    }
}
