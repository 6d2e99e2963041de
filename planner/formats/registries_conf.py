"""Registry settings: the names that those of Podman, Skopeo, CRI-O and Notation apply to.

https://github.com/containers/image/blob/main/docs/containers-policy.json.5.md
https://github.com/notaryproject/specifications/blob/main/specs/trust-store-trust-policy.md
"""

import re
from bisect import bisect
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._rules import names, prefixes, texts
from planner.formats._select import scalars_at, select
from planner.formats._toml import strings
from planner.formats._yaml import Mapping, parse
from planner.model.source import SourceFile, Text

_PREFIX, _LOCATION = ("registry", "[]", "prefix"), ("registry", "[]", "location")
_OLD = (("registries", "block", "registries", "[]"), ("registries", "insecure", "registries", "[]"))
_TABLE = re.compile(r"(?m)^[ \t]*+\[\[[ \t]*+registry[ \t]*+\]\]")
_TRANSPORTS = ("transports.docker", "transports.atomic", "transports.docker-daemon")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the registries, folders and repositories that have settings of their own."""
    if source.path.endswith(".conf"):
        yield from prefixes(_registries(source.text))
        return
    for document in parse(source).documents:
        for path in _TRANSPORTS:
            for section in select(document, path):
                for key, _ in section.entries() if type(section) is Mapping else ():
                    yield from prefixes(texts((key,)))
        scopes = scalars_at(document, "trustPolicies[].registryScopes[]")
        yield from names(texts(each for each in scopes if each.value != "*"))


def _registries(text: str) -> Iterator[Text]:
    """Yield what each table is for: its prefix, or else its location."""
    tables = [match.start() for match in _TABLE.finditer(text)]
    found = list(strings(text))
    told = {bisect(tables, string.start) for string in found if string.keys == _PREFIX}
    for string in found:
        own = string.keys == _LOCATION and bisect(tables, string.start) not in told
        if own or string.keys == _PREFIX or string.keys in _OLD:
            yield string.value


FORMAT = Format(
    name="registries_conf",
    patterns=("registries*.conf", "registries.conf.d/*.conf", "policy.json", "*trustpolicy*.json"),
    words=((b"registry", b"registries", b"transports", b"registryScopes"),),
    extract=extract,
    specification="https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md",
)
