"""Registries, asked with a token of a service account and with no credential of whoever runs this."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from planner.registries._credential import Credential
from planner.registries.credentials import looked_up
from planner.registries.endpoints import Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect

_USER = "oauth2accesstoken"
"""The user whose password is a token: https://cloud.google.com/artifact-registry/docs/docker/authentication."""


class _Single(Keychain):
    """One credential for one host."""

    def __init__(self, host: str, credential: Credential) -> None:
        super().__init__({})
        self._host = host
        self._credential = credential

    async def find(self, host: str, repository: str = "") -> Credential | None:
        """Return the credential for its host, None for any other."""
        del repository
        return self._credential if host == self._host else None


@asynccontextmanager
async def acting(token: str, registry: str, endpoints: Endpoints) -> AsyncIterator[Registries]:
    """Open registries, of which one is shown a token; they are closed at the end of the block."""
    credential = Credential(_USER, token, place="a token that acts for a service account")
    keychain = _Single(looked_up(registry, endpoints), credential)
    async with connect(endpoints, keychain=keychain) as registries:
        yield registries
