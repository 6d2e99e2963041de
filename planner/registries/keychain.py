"""Credentials for registries, from where docker and podman keep them.

For each host: its own helper, else the store, else the file
(https://docs.docker.com/reference/cli/docker/login/#credential-stores).
"""

import asyncio
import os
from collections.abc import Mapping

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries._helper import PATIENCE, HelperSilent, ask
from planner.registries.docker_credentials import Store, stores


class Keychain:
    """The credentials of whoever runs this. Files are read once, helpers asked once for each host.

    A helper has `patience` seconds for an answer; one that gave none is not asked for other hosts.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, *, patience: float = PATIENCE) -> None:
        self._environment = os.environ if environment is None else environment
        self._patience = patience
        self._silent: dict[str, HelperSilent] = {}  # by helper
        self._stores: tuple[Store, ...] | None = None
        self._helped: dict[tuple[str, str], Credential | ConfigError | None] = {}
        self._lock = asyncio.Lock()  # a helper may ask for a password, so one at a time

    async def find(self, host: str, repository: str = "") -> Credential | None:
        """Return the credentials for a repository. Raises ConfigError when they cannot be read."""
        for store in self._stores if self._stores is not None else await self._load():
            helper, key = store.helper(host)
            if helper and (helped := await self.helped(helper, key)):
                return helped
            if kept := store.kept(host, repository):
                return kept[1]
        return None

    def forget(self, credential: Credential) -> None:
        """Ask the helper again for a credential that was refused: it may have a newer one."""
        self._helped = {asked: known for asked, known in self._helped.items() if known != credential}

    async def _load(self) -> tuple[Store, ...]:
        async with self._lock:
            if self._stores is None:
                self._stores = await asyncio.to_thread(stores, self._environment)
            return self._stores

    async def helped(self, helper: str, key: str) -> Credential | None:
        """Return what a helper has for a key. Raises ConfigError when it has no usable answer."""
        asked = helper, key
        if asked not in self._helped:
            async with self._lock:
                if asked not in self._helped:
                    self._helped[asked] = self._silent.get(helper) or await self._answer(helper, key)
        known = self._helped[asked]
        if isinstance(known, ConfigError):
            raise known
        return known

    async def _answer(self, helper: str, key: str) -> Credential | ConfigError | None:
        """Return what a helper says, or why nothing: to ask it for every image would take for ever."""
        try:
            return await asyncio.to_thread(ask, helper, key, self._environment, patience=self._patience)
        except HelperSilent as error:
            self._silent[helper] = error
            return error
        except ConfigError as error:
            return error
