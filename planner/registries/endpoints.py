"""Where registries really live, who gives their tokens, how fast they may be asked: where settings say so."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

import msgspec

from planner.errors import ConfigError, RegistryError
from planner.model.reference import DOCKER_HUB
from planner.registries._origin import is_loopback, origin, shown
from planner.registries._pace import Limit
from planner.registries.docker_hub import REGISTRY_URL


class Endpoint(msgspec.Struct, frozen=True):
    """What settings say of a registry. `insecure` allows plain HTTP to a host that is not this machine."""

    url: str = ""  # empty: where its name says
    insecure: bool = False
    token_hosts: tuple[str, ...] = ()  # of other owners, that are given the registry's credentials
    at_once: int = 0  # requests; 0: as for any registry
    per_second: float = 0  # requests; 0: as for any registry


@dataclass(frozen=True)
class Endpoints:
    """Where registries really live, by their name in references; others live where their name says."""

    overrides: Mapping[str, Endpoint] = field(default_factory=dict)

    def of(self, registry: str) -> Endpoint:
        """Return the endpoint of a registry. Raises ConfigError for plain HTTP that nothing allows."""
        known = self._checked.get(registry)
        if known is None:
            known = self._checked[registry] = self._check(registry)
        return known

    def url(self, registry: str) -> str:
        """Return the URL that the paths of a registry are added to, without a slash at its end."""
        return self.of(registry).url

    def moved(self, registry: str) -> bool:
        """Tell whether a registry lives elsewhere than its name says."""
        return bool(self.overrides.get(registry, Endpoint()).url)

    def limits(self) -> dict[str, Limit]:
        """Return the limits that somebody set, by host."""
        chosen = {name: each for name, each in self.overrides.items() if each.at_once or each.per_second}
        return {
            origin(self.url(name))[1]: Limit(
                each.at_once, each.per_second or math.inf, max(int(each.per_second), 1)
            )
            for name, each in chosen.items()
        }

    @cached_property
    def _checked(self) -> dict[str, Endpoint]:
        return {}

    def _check(self, registry: str) -> Endpoint:
        given = self.overrides.get(registry) or Endpoint()
        url = (given.url or _usual_url(registry)).rstrip("/")
        if "@" in url.partition("://")[2].partition("/")[0]:
            raise ConfigError(
                f"the endpoint of {registry!r} has a user in it: {shown(url)}",
                hint="take it out, and log in with `docker login`",
            )
        try:
            scheme, host, _ = origin(url)
        except RegistryError as error:
            raise ConfigError(
                f"the endpoint of {registry!r} is wrong: {error.message}",
                hint="write https://HOST[:PORT] in [endpoints]",
            ) from error
        if scheme == "http" and not given.insecure and not is_loopback(host):
            raise ConfigError(
                f"{registry} would be asked without encryption at {shown(url)}",
                hint=f"use https, or set insecure = true for {registry} in [endpoints]",
            )
        return Endpoint(url, given.insecure, given.token_hosts, given.at_once, given.per_second)


def _usual_url(registry: str) -> str:
    if registry == DOCKER_HUB:
        return REGISTRY_URL
    host = urlsplit(f"//{registry}").hostname or ""
    return f"http://{registry}" if is_loopback(host) else f"https://{registry}"
