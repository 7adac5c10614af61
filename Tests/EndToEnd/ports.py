"""Addresses that are known before a server listens there."""
from __future__ import annotations

import os
import socket
import subprocess

import pytest


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outer_address() -> str:
    """An IPv4 address of this machine besides loopback's. Without one the test is skipped, and fails where all have to run."""
    found = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    for address in found:
        if ":" not in address:
            return address
    (pytest.fail if os.environ.get("CI") else pytest.skip)("this machine has no IPv4 address but loopback's")
