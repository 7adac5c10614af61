"""What those who operate a server ask it for: metrics, and whether it is alive and ready."""
from __future__ import annotations

import re

import pytest

import wire
from accounts import ACCOUNTS
from conftest import Make
from ports import outer_address
from server import Server
from v2client import V2Client, digest, expect


def metrics(server: Server) -> dict[str, float]:
    """Every sample; fails where the text is not what Prometheus reads."""
    answer = expect(server.call("GET", "/metrics"), 200)
    assert answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    samples: dict[str, float] = {}
    kinds: dict[str, set[str]] = {}
    for line in answer.body.decode().splitlines():
        if found := re.fullmatch(r"# (HELP|TYPE) (\w+) (.+)", line):
            kinds.setdefault(found[2], set()).add(found[1])
            continue
        found = re.fullmatch(r'(\w+)(\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})? (\S+)', line)
        assert found, line
        assert any(found[1] == kind or found[1].startswith(f"{kind}_") for kind in kinds), f"no TYPE for {line}"
        assert found[1] + (found[2] or "") not in samples, f"twice: {line}"
        samples[found[1] + (found[2] or "")] = float(found[3])
    assert all(given == {"HELP", "TYPE"} for given in kinds.values())
    return samples


def total(samples: dict[str, float], name: str, **labels: str) -> float:
    return sum(value for key, value in samples.items()
               if key.split("{")[0] == name and all(f'{label}="{text}"' in key for label, text in labels.items()))


def test_metrics_count_what_happens(make: Make) -> None:
    server = make().start()
    client = V2Client(server)
    before = metrics(server)
    data = bytes(100_000)
    name = client.push_blob("counted/blobs", data)
    for _ in range(3):
        expect(client.blob("counted/blobs", name), 200)
    expect(client.blob("counted/blobs", digest(b"missing")), 404)
    after = metrics(server)

    def grown(metric: str, **labels: str) -> float:
        return total(after, metric, **labels) - total(before, metric, **labels)

    assert grown("wharf_http_requests_total", route="v2 blob", method="GET", status="200") == 4, "the push reads it once"
    assert grown("wharf_http_requests_total", route="v2 blob", status="404") == 1
    assert grown("wharf_http_request_seconds_count", route="v2 blob") == 5
    assert grown("wharf_http_request_bytes_total") >= 100_000 and grown("wharf_http_response_bytes_total") >= 400_000
    assert grown("wharf_storage_calls_total") > 0 and grown("wharf_database_calls_total") > 0
    assert total(after, "wharf_build_info") == 1 and total(after, "process_resident_memory_bytes") > 1_000_000
    assert total(after, "process_open_fds") > 3


def test_a_histogram_adds_up(make: Make) -> None:
    server = make().start()
    for _ in range(20):
        expect(server.call("GET", "/v2/"), 200)
    samples = metrics(server)
    buckets = [value for key, value in samples.items() if key.startswith('wharf_http_request_seconds_bucket{route="v2 ping"')]
    assert buckets == sorted(buckets) and buckets[-1] == 20 == total(samples, "wharf_http_request_seconds_count", route="v2 ping")
    assert 0 < total(samples, "wharf_http_request_seconds_sum", route="v2 ping") < 20


def test_no_path_of_a_caller_becomes_a_label(make: Make) -> None:
    """Whoever asks for a thousand things does not make a thousand series."""
    server = make().start()
    expect(server.call("GET", "/v2/"), 200)
    metrics(server)
    known = len(metrics(server))
    for number in range(100):
        server.call("GET", f"/v2/somebody/{number}/manifests/latest")
        server.call("GET", f"/nothing/{number}")
        server.call("GET", "/v2/", User_Agent=f"agent/{number}")
    found = metrics(server)
    assert len(found) < known + 100, len(found) - known
    assert not any("somebody" in key or "nothing" in key for key in found)


def test_metrics_are_for_those_addresses_that_may_see_them(make: Make) -> None:
    outer = outer_address()
    server = make(*ACCOUNTS, "--cleartext-credentials", "true", listen="0.0.0.0:0").start()
    assert expect(server.call("GET", "/metrics"), 200)
    refused = wire.call((outer, server.address[1]), "GET", "/metrics")
    assert refused.status in (403, 404) and b"wharf_" not in refused.body
    open_to_all = make("--metrics-from", "0.0.0.0/0", *ACCOUNTS, "--cleartext-credentials", "true", listen="0.0.0.0:0").start()
    assert wire.call((outer, open_to_all.address[1]), "GET", "/metrics").status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("flags", [(), ACCOUNTS, ("--read-only", "true"), ("--v2", "false")], ids=["open", "accounts", "fixed", "v1"])
def test_alive_and_ready(make: Make, path: str, flags: tuple[str, ...]) -> None:
    """Nobody has to log in for it, and HEAD does as well."""
    server = make(*flags).start()
    answer = expect(server.call("GET", path), 200)
    assert answer.body and answer.header("Cache-Control") == "no-store"
    assert expect(server.call("HEAD", path), 200).body == b""
    expect(server.call("POST", path, body=b""), 405)


def test_not_ready_without_its_store(make: Make) -> None:
    """Alive all the same: starting it again would not help."""
    server = make().start()
    objects = server.data
    away = objects.with_name("away")
    objects.rename(away)
    try:
        expect(server.call("GET", "/readyz"), 503)
        expect(server.call("GET", "/healthz"), 200)
    finally:
        away.rename(objects)
    expect(server.call("GET", "/readyz"), 200)
