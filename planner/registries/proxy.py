"""Proxies, as the environment names them: `https_proxy`, `http_proxy`, `no_proxy`.

Their user and password become a header, so that no URL of an error holds them.
"""

import os
import re
import sys
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries._origin import Origin, is_loopback
from planner.registries._request import Header

_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?\Z")
_HINT = "name it as http://HOST:PORT"


class Proxy(NamedTuple):
    """What stands in front of a host."""

    place: Origin | None = None  # None: nothing
    headers: tuple[Header, ...] = ()  # that open it


def proxy_for(place: Origin) -> Proxy:
    """Return the proxy for a host, and the header that opens it. Raises ConfigError."""
    scheme, host, port = place
    text = proxies().get(scheme, "")
    if not text or is_loopback(host) or _bypassed(host, port):
        return Proxy()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        kind, name, door = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        kind, name, door = "", "", None
    if kind not in ("", *_PORTS):
        raise ConfigError(f"{scheme}_proxy names a proxy of an unknown kind: {kind}", hint=_HINT)
    if not kind or not name:
        raise ConfigError(f"{scheme}_proxy is not the URL of a proxy", hint=_HINT)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    secret = Credential(user, password).basic if user else ""
    return Proxy((kind, name, door or _PORTS[kind]), (("Proxy-Authorization", secret),) if secret else ())


def shown(text: str) -> tuple[str, bool]:
    """Return scheme, host and port of a proxy, and whether there is a user before them.

    What is not wholly understood is "": nobody knows where its password would end.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    _, at, authority = rest.rpartition("@")
    match = _AUTHORITY.match(authority)
    if scheme.lower() not in _PORTS or match is None:
        return "", False
    return f"{scheme.lower()}://{match['host']}:{match['port'] or _PORTS[scheme.lower()]}", bool(at)


def proxies() -> dict[str, str]:
    """Return the proxies of the environment by scheme; "no" are the hosts that are asked without."""
    if not (sys.platform == "darwin" or any(name.lower().endswith("_proxy") for name in os.environ)):
        return {}
    from urllib.request import getproxies  # slow to import, and most machines have none

    return {scheme: text for scheme, text in getproxies().items() if scheme in ("http", "https", "no")}


def _bypassed(host: str, port: int) -> bool:
    """Tell whether no_proxy names a host: by its name or domain, with its port, or by a network it is in."""
    from urllib.request import proxy_bypass

    return bool(proxy_bypass(host) or proxy_bypass(f"{host}:{port}")) or _in_network(host)


def _in_network(host: str) -> bool:
    named = [each.strip() for each in proxies().get("no", "").split(",") if "/" in each]
    if not named:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return False
    for each in named:
        with suppress(ValueError):  # what is no network is no name of a host either
            if address in ip_network(each, strict=False):
                return True
    return False
