"""Which credential a registry would get, and where it is from; no secret is shown."""

import os
from collections.abc import Container, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from planner.errors import ConfigError
from planner.model.reference import Carrier, Reference
from planner.registries import google_credentials
from planner.registries._helper import program
from planner.registries._origin import origin
from planner.registries.docker_credentials import VARIABLE, stores
from planner.registries.endpoints import Endpoints
from planner.registries.keychain import Keychain

GOOGLE = (Carrier.ARTIFACT_REGISTRY, Carrier.CONTAINER_REGISTRY)


class Kind(StrEnum):
    """What keeps a credential."""

    FILE = "file"
    VARIABLE = "variable"
    HELPER = "helper"  # whether it has one is known when it is asked
    GOOGLE = "google"  # application default credentials
    NONE = "none"


class Source(msgspec.Struct, frozen=True):
    """Where a credential is from."""

    kind: Kind
    place: str = ""  # the file, the variable, the helper's program
    key: str = ""  # the entry in it, or what the helper is asked for; of Google's, the type of credentials
    named_by: str = ""  # the file or variable that names a helper, or Google's file
    acts_for: str = ""  # the service account that Google's credentials act for


def source(
    registry: str,
    repository: str = "",
    *,
    endpoints: Endpoints | None = None,
    environment: Mapping[str, str] | None = None,
    empty: Container[tuple[str, str]] = (),
) -> Source:
    """Return where the credential for a registry, or one repository of it, would be taken from.

    Helpers are not asked here: each is taken to have a credential, but for those in `empty`, which are pairs
    of a helper and the key that it has nothing for. Raises ConfigError for a file that cannot be read.
    """
    known = os.environ if environment is None else environment
    places = endpoints or Endpoints()
    host = looked_up(registry, places)
    for store in stores(known):
        helper, key = store.helper(host)
        if helper and (helper, key) not in empty:
            return Source(Kind.HELPER, program(helper), key, named_by=store.place)
        if kept := store.kept(host, repository):
            kind = Kind.VARIABLE if store.place == VARIABLE else Kind.FILE
            return Source(kind, store.place, kept[0])
    return _google_source(known) if takes_google(registry, places) else Source(Kind.NONE)


async def used(
    registry: str,
    keychain: Keychain | None,
    *,
    endpoints: Endpoints | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Source, str]:
    """Return where the credential for a registry is from, and why it cannot be used, "" where it can.

    The keychain asks the helpers; without one, each is taken to have a credential.
    """
    known = os.environ if environment is None else environment
    empty: set[tuple[str, str]] = set()
    problem = ""
    try:
        host = looked_up(registry, endpoints or Endpoints())
        for store in stores(known) if keychain else ():
            helper, key = store.helper(host)
            if helper and keychain and await keychain.helped(helper, key) is None:
                empty.add((helper, key))
            elif helper or store.kept(host, ""):
                break
    except ConfigError as error:
        problem = error.message
    try:
        return source(registry, endpoints=endpoints, environment=known, empty=empty), problem
    except ConfigError as error:
        return Source(Kind.NONE), error.message


def looked_up(registry: str, endpoints: Endpoints) -> str:
    """Return the host whose credentials count: the one really asked, so that no stand-in gets another's."""
    return urlsplit(endpoints.url(registry)).netloc if endpoints.moved(registry) else registry


def takes_google(registry: str, endpoints: Endpoints) -> bool:
    """Tell whether a registry takes Google's access token: by its host, for a proxy must not get it."""
    host = origin(endpoints.url(registry))[1]
    return Reference(host, "any").carrier in GOOGLE


def _google_source(environment: Mapping[str, str]) -> Source:
    acts_for = google_credentials.account(environment)
    if given := environment.get(google_credentials.FILE):
        return Source(
            Kind.GOOGLE, given, google_credentials.kind(Path(given)), google_credentials.FILE, acts_for
        )
    usual = google_credentials.well_known(environment)
    if usual.is_file():
        return Source(Kind.GOOGLE, str(usual), google_credentials.kind(usual), acts_for=acts_for)
    return Source(Kind.GOOGLE, "the metadata server, if there is one", "attached account", acts_for=acts_for)
