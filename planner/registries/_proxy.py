"""Proxies, as the environment names them: `https_proxy`, `http_proxy`, `no_proxy`.

Their user and password become a header, so that no URL of an error holds them.
"""

import re
from urllib.request import getproxies, proxy_bypass

from yarl import URL

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries._origin import Origin, is_loopback
from planner.registries._request import Header

Proxy = tuple[URL | None, tuple[Header, ...]]

_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?\Z")
_HINT = "name it as http://HOST:PORT"


def proxy_for(place: Origin) -> Proxy:
    """Return the proxy for a host, None where there is none, and the header that opens it."""
    scheme, host, _ = place
    text = getproxies().get(scheme, "")
    if not text or is_loopback(host) or proxy_bypass(host):
        return None, ()
    try:
        url = URL(text if "://" in text else f"http://{text}")
        named = bool(url.host and url.port)
    except ValueError:
        url, named = URL(), False
    if url.scheme not in ("", "http", "https"):
        raise ConfigError(f"{scheme}_proxy names a proxy of an unknown kind: {url.scheme}", hint=_HINT)
    if not named:
        raise ConfigError(f"{scheme}_proxy is not the URL of a proxy", hint=_HINT)
    secret = Credential(url.user, url.password or "").basic if url.user else ""
    return url.with_user(None), (("Proxy-Authorization", secret),) if secret else ()


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
    return {scheme: text for scheme, text in getproxies().items() if scheme in ("http", "https", "no")}
