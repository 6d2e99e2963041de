"""Where a request may go: origins, addresses that are not public, hosts that belong together.

A registry names other places: the realm of its tokens, the target of a redirect, the place of an upload.
None of them may have requests sent into the network that hub2ar runs in (SSRF), or a secret to a stranger.
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from planner.errors import RegistryError

_PORTS = {"http": 80, "https": 443}
_FRONT = re.compile(r"https?://[^/?#]*", re.IGNORECASE)  # of a URL: what tells its origin
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]{1,16384}\Z")  # no space, no control character, no backslash

# Second-level domains whose subdomains have different owners, so that two of them are not related.
_SHARED = """
    amazonaws.com appspot.com azurecr.io azurewebsites.net cloudfront.net digitaloceanspaces.com fly.dev
    github.io gitlab.io googleapis.com googleusercontent.com herokuapp.com netlify.app ngrok.io onrender.com
    pages.dev run.app vercel.app web.app windows.net workers.dev
"""

# Metadata servers of Google (by name), Amazon, Alibaba and Oracle, beside all link-local addresses.
_METADATA = frozenset(
    {
        "metadata.google.internal",
        "metadata.goog",
        "metadata",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
    }
)

# Where IPv6 is translated: https://www.rfc-editor.org/rfc/rfc6052, https://www.rfc-editor.org/rfc/rfc8215
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/96")))

Origin = tuple[str, str, int]  # scheme, host, port


def origin(url: str) -> Origin:
    """Return scheme, host and port of a URL. Raises RegistryError when it is not an HTTP URL."""
    if not _PLAIN.match(url):
        raise RegistryError(f"not an HTTP URL: {shown(url)!r}")
    front = _FRONT.match(url)
    return _origin(front[0] if front else url)


@lru_cache(1024)
def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RegistryError(f"not a URL: {shown(url)!r}") from error
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        raise RegistryError(f"not an HTTP URL: {shown(url)!r}")
    return parts.scheme, host.rstrip("."), port or _PORTS[parts.scheme]


def authority(place: Origin) -> str:
    """Return host and port as a request names them: without the port where it is the usual one."""
    scheme, host, port = place
    name = f"[{host}]" if ":" in host else host
    return name if port == _PORTS[scheme] else f"{name}:{port}"


def joined(url: str, reference: str) -> str:
    """Return where a server's reference (`/token`, `https://…`) leads. Raises RegistryError."""
    if reference.startswith(("https://", "http://")) and _PLAIN.match(reference):
        return reference
    try:
        return urljoin(url, reference)
    except ValueError:
        who = authority(origin(url))
        raise RegistryError(f"{who} sends us to what is not a URL: {shown(reference)!r}") from None


def shown(url: str) -> str:
    """Return a URL as a message may show it: no user, no query, where signatures and tokens are."""
    head = url.split("?", 1)[0].split("#", 1)[0]
    scheme, separator, rest = head.partition("://")
    authority, slash, path = rest.partition("/")
    kept = f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}" if separator else head
    return kept[:200]


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_private(host: str) -> bool:
    """Tell whether a host, by its name alone, is not on the public internet; names are not resolved."""
    address = _address(host)
    if address is not None:
        return not address.is_global
    return is_loopback(host) or host.endswith((".local", ".internal"))


def _gives_credentials(host: str) -> bool:
    """Tell whether a host is the metadata server of a cloud's machines, by its name or address."""
    address = _address(host)
    return host in _METADATA or (address is not None and (address.is_link_local or str(address) in _METADATA))


def check_hop(target: str, registry: str, sender: str = "") -> None:
    """Check a URL that a registry (the URL of its endpoint) sends us to. Raises RegistryError.

    `sender` is the URL that was answered so, where it is not the registry itself. Names are not resolved: who
    points a public name at a private address has no certificate for what lives there.
    """
    home = origin(registry)
    try:
        scheme, host, _ = origin(target)
    except RegistryError as error:
        raise RegistryError(f"{authority(home)} sends us to what is {error.message}") from None
    if (scheme, host) == home[:2]:
        return
    said = f"{authority(home)} sends us to {shown(target)}"
    if _gives_credentials(host):
        raise RegistryError(f"{said}, which gives a machine its credentials")
    if scheme == "http" and (home[0] == "https" or sender.startswith("https:")):
        raise RegistryError(f"{said}, which is not encrypted")
    if is_private(host) and not is_private(home[1]):
        raise RegistryError(f"{said}, which is not a public address")


def related(host: str, other: str) -> bool:
    """Tell whether two hosts belong to one owner: the same host, or the same registrable domain."""
    return host == other or (_domain(host) == _domain(other) != "")


def _domain(host: str) -> str:
    """Return the registrable domain, or "" where it cannot be told without the public suffix list."""
    labels = host.split(".")
    if len(labels) < 2 or _address(host) is not None:
        return ""
    suffix = ".".join(labels[-2:])
    if suffix in _SHARED.split() or (
        len(labels[-1]) == 2 and len(labels[-2]) <= 3
    ):  # co.uk, com.au, but also gcr.io
        return ""
    return suffix


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = host.partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return _spelled_address(text)
    return _inner(address) or address


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to: mapped, translated, or in a tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _spelled_address(host: str) -> ipaddress.IPv4Address | None:
    """Read the spellings the C library takes for an IPv4 address: `2130706433`, `0x7f.1`, `127.1`."""
    parts = host.split(".")
    if len(parts) > 4:
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    value = 0
    for place, number in enumerate(numbers[:-1]):
        value |= (number & 0xFF) << (24 - 8 * place)
    return ipaddress.IPv4Address((value | numbers[-1]) & 0xFFFFFFFF)


def _number(text: str) -> int:
    if text.startswith(("0x", "0X")):
        return int(text[2:] or "0", 16)
    if text.startswith("0") and len(text) > 1:
        return int(text, 8)
    if not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text)
