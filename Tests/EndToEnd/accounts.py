"""Who the tests' users are."""
from __future__ import annotations

import base64
import secrets
from typing import NamedTuple

import wire


#: A server with accounts. Tests are wrong often, and on purpose; how the server slows that down has a test of its own.
ACCOUNTS = ("--auth", "accounts", "--limits-login-failures", "1000")


class Login(NamedTuple):
    """A user's name, and a password or an API key."""

    user: str
    password: str

    @classmethod
    def make(cls, user: str) -> Login:
        """With a new password."""
        return cls(user, f"planted-{secrets.token_hex(6)}").noted()

    def noted(self) -> Login:
        """From now on, no log may show the password."""
        wire.SECRETS.add(self.password)
        return self

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
