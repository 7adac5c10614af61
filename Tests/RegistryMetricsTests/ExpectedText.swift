extension MetricsTextTests {
    /// What Prometheus is given for the few requests and calls that the test counts.
    static let expected = #"""
        # HELP wharf_build_info The program's version.
        # TYPE wharf_build_info gauge
        wharf_build_info{version="1.0\"\\\n"} 1
        # HELP wharf_http_requests_total Requests that were answered, by route, method and status.
        # TYPE wharf_http_requests_total counter
        wharf_http_requests_total{route="manifest",method="GET",status="200"} 2
        wharf_http_requests_total{route="manifest",method="HEAD",status="404"} 1
        wharf_http_requests_total{route="none",method="other",status="none"} 1
        # HELP wharf_http_request_seconds Seconds from the complete head of a request to the last byte of its answer.
        # TYPE wharf_http_request_seconds histogram
        wharf_http_request_seconds_bucket{route="manifest",le="0.001"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.0025"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.005"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.01"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.025"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.05"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.1"} 0
        wharf_http_request_seconds_bucket{route="manifest",le="0.25"} 1
        wharf_http_request_seconds_bucket{route="manifest",le="0.5"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="1"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="2.5"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="5"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="10"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="30"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="60"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="300"} 2
        wharf_http_request_seconds_bucket{route="manifest",le="+Inf"} 3
        wharf_http_request_seconds_sum{route="manifest"} 400.75
        wharf_http_request_seconds_count{route="manifest"} 3
        wharf_http_request_seconds_bucket{route="none",le="0.001"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.0025"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.005"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.01"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.025"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.05"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.1"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.25"} 1
        wharf_http_request_seconds_bucket{route="none",le="0.5"} 1
        wharf_http_request_seconds_bucket{route="none",le="1"} 1
        wharf_http_request_seconds_bucket{route="none",le="2.5"} 1
        wharf_http_request_seconds_bucket{route="none",le="5"} 1
        wharf_http_request_seconds_bucket{route="none",le="10"} 1
        wharf_http_request_seconds_bucket{route="none",le="30"} 1
        wharf_http_request_seconds_bucket{route="none",le="60"} 1
        wharf_http_request_seconds_bucket{route="none",le="300"} 1
        wharf_http_request_seconds_bucket{route="none",le="+Inf"} 1
        wharf_http_request_seconds_sum{route="none"} 0.0
        wharf_http_request_seconds_count{route="none"} 1
        # HELP wharf_http_request_bytes_total Bytes of requests' bodies.
        # TYPE wharf_http_request_bytes_total counter
        wharf_http_request_bytes_total{route="manifest"} 0
        wharf_http_request_bytes_total{route="none"} 3000000000
        # HELP wharf_http_response_bytes_total Bytes of answers' bodies.
        # TYPE wharf_http_response_bytes_total counter
        wharf_http_response_bytes_total{route="manifest"} 1000
        wharf_http_response_bytes_total{route="none"} 0
        # HELP wharf_storage_calls_total Calls of the object store, by outcome.
        # TYPE wharf_storage_calls_total counter
        wharf_storage_calls_total{call="open",outcome="ok"} 0
        wharf_storage_calls_total{call="open",outcome="absent"} 1
        wharf_storage_calls_total{call="open",outcome="failed"} 0
        # HELP wharf_storage_call_seconds Seconds that calls of the object store took. Waiting for a client whose bytes are written does not count.
        # TYPE wharf_storage_call_seconds histogram
        wharf_storage_call_seconds_bucket{call="open",le="0.0001"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.00025"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.0005"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.001"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.0025"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.005"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.01"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.05"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.1"} 0
        wharf_storage_call_seconds_bucket{call="open",le="0.5"} 1
        wharf_storage_call_seconds_bucket{call="open",le="1"} 1
        wharf_storage_call_seconds_bucket{call="open",le="5"} 1
        wharf_storage_call_seconds_bucket{call="open",le="10"} 1
        wharf_storage_call_seconds_bucket{call="open",le="+Inf"} 1
        wharf_storage_call_seconds_sum{call="open"} 0.5
        wharf_storage_call_seconds_count{call="open"} 1
        # HELP wharf_database_calls_total Calls of the database, by outcome.
        # TYPE wharf_database_calls_total counter
        wharf_database_calls_total{call="read",outcome="ok"} 2
        wharf_database_calls_total{call="read",outcome="failed"} 0
        wharf_database_calls_total{call="write",outcome="ok"} 0
        wharf_database_calls_total{call="write",outcome="refused"} 1
        wharf_database_calls_total{call="write",outcome="failed"} 0
        # HELP wharf_database_call_seconds Seconds that calls of the database took.
        # TYPE wharf_database_call_seconds histogram
        wharf_database_call_seconds_bucket{call="read",le="0.0001"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.00025"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.0005"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.001"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.0025"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.005"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.01"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.05"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.1"} 0
        wharf_database_call_seconds_bucket{call="read",le="0.5"} 2
        wharf_database_call_seconds_bucket{call="read",le="1"} 2
        wharf_database_call_seconds_bucket{call="read",le="5"} 2
        wharf_database_call_seconds_bucket{call="read",le="10"} 2
        wharf_database_call_seconds_bucket{call="read",le="+Inf"} 2
        wharf_database_call_seconds_sum{call="read"} 0.75
        wharf_database_call_seconds_count{call="read"} 2
        wharf_database_call_seconds_bucket{call="write",le="0.0001"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.00025"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.0005"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.001"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.0025"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.005"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.01"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.05"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.1"} 0
        wharf_database_call_seconds_bucket{call="write",le="0.5"} 0
        wharf_database_call_seconds_bucket{call="write",le="1"} 0
        wharf_database_call_seconds_bucket{call="write",le="5"} 0
        wharf_database_call_seconds_bucket{call="write",le="10"} 0
        wharf_database_call_seconds_bucket{call="write",le="+Inf"} 1
        wharf_database_call_seconds_sum{call="write"} 20.0
        wharf_database_call_seconds_count{call="write"} 1
        # HELP process_cpu_seconds_total Seconds of processor time, the program's and the kernel's for it.
        # TYPE process_cpu_seconds_total counter
        process_cpu_seconds_total 2.0
        # HELP process_max_fds How many files may be open.
        # TYPE process_max_fds gauge
        process_max_fds 1024
        # HELP process_open_fds How many files are open, connections among them.
        # TYPE process_open_fds gauge
        process_open_fds 7
        # HELP process_resident_memory_bytes Bytes of memory that are in use.
        # TYPE process_resident_memory_bytes gauge
        process_resident_memory_bytes 2048000
        # HELP process_start_time_seconds When the process began, in seconds since 1970.
        # TYPE process_start_time_seconds gauge
        process_start_time_seconds 1700000012.5

        """#
}
