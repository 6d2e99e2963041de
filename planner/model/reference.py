"""Image references: the grammar, the names Docker Hub goes by, and the registries that carry its content.

The rules are those of the reference implementation (https://github.com/distribution/reference), with two
differences that a migration needs: every alias of Docker Hub becomes `docker.io`, and a tag next to a digest
is kept.
"""

import re
from collections.abc import Container
from enum import StrEnum
from functools import lru_cache, total_ordering

from planner.errors import InvalidReference

DOCKER_HUB = "docker.io"
MIRROR = "mirror.gcr.io"

_ALIASES = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_MIRRORS = frozenset({MIRROR, "us-mirror.gcr.io", "eu-mirror.gcr.io", "asia-mirror.gcr.io"})
_CONTAINER_REGISTRY = frozenset({"gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io", "marketplace.gcr.io"})
_ARTIFACT_REGISTRY = re.compile(r"(?:[a-z0-9-]+-docker\.pkg\.dev|docker\.[a-z0-9-]+\.rep\.pkg\.dev)\Z")

_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?\Z")
_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_HEX = re.compile(r"[a-f0-9]+\Z")
_IMAGE_ID = re.compile(r"(?:sha256:)?[a-f0-9]{64}\Z")
_DIGEST_LENGTH = {"sha256": 64, "sha384": 96, "sha512": 128}  # hexadecimal characters
_LONGEST_PATH = 255
_GRAMMAR = "write [REGISTRY/]REPOSITORY[:TAG][@DIGEST], such as nginx:1.27"
_DIGESTS = f"known are {', '.join(_DIGEST_LENGTH)}"


class Carrier(StrEnum):
    """Whose registry a reference names, as far as a move from Docker Hub cares."""

    DOCKER_HUB = "docker-hub"
    MIRROR = "mirror"  # mirror.gcr.io and its regional hosts: a cache of Docker Hub
    ECR_PUBLIC = "ecr-public"  # public.ecr.aws/docker/library: Docker's official images
    ARTIFACT_REGISTRY = "artifact-registry"
    CONTAINER_REGISTRY = "container-registry"  # the gcr.io hosts, served by Artifact Registry since 2025
    OTHER = "other"


def registry_title(registry: str) -> str:
    """Return what a registry is called in sentences."""
    return "Docker Hub" if registry == DOCKER_HUB else registry


@total_ordering
class Reference:
    """A full image reference: `registry/repository[:tag][@digest]`.

    `registry` is empty only for a name such as `foo_bar.com/baz`, which the grammar reads as a path with no
    registry. Ordered by registry, repository, tag, digest.
    """

    __slots__ = ("_key", "digest", "registry", "repository", "tag")

    registry: str
    repository: str
    tag: str | None
    digest: str | None
    _key: tuple[str, str, str, str]  # what it is compared by, a hundred times for each

    def __init__(
        self, registry: str, repository: str, tag: str | None = None, digest: str | None = None
    ) -> None:
        for name, value in (
            ("registry", registry),
            ("repository", repository),
            ("tag", tag),
            ("digest", digest),
            ("_key", (registry, repository, tag or "", digest or "")),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a reference does not change: {name}")

    def __reduce__(self) -> tuple[type["Reference"], tuple[str, str, str | None, str | None]]:
        return Reference, (self.registry, self.repository, self.tag, self.digest)

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    def __repr__(self) -> str:
        return f"Reference({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._key == other._key

    def __lt__(self, other: "Reference") -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def name(self) -> str:
        """The registry and the repository, without tag and digest."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    @property
    def version(self) -> str:
        """What a registry is asked for: the digest, else the tag, else `latest`."""
        return self.digest or self.tag or "latest"

    @property
    def carrier(self) -> Carrier:
        """Whose registry this is."""
        return _carrier(self.registry, self.repository)

    @property
    def upstream(self) -> "Reference | None":
        """The Docker Hub reference whose content this names, or None where that cannot be known."""
        match self.carrier:
            case Carrier.DOCKER_HUB:
                return self
            case Carrier.MIRROR:
                path = self.repository if "/" in self.repository else f"library/{self.repository}"
            case Carrier.ECR_PUBLIC:
                path = self.repository.removeprefix("docker/")
            case _:
                return None
        return Reference(DOCKER_HUB, path, self.tag, self.digest)

    def origin(self, upstreams: Container[str]) -> "Reference | None":
        """Return whose content this names at one of the registries that are moved; None for any other."""
        hub = self.upstream
        if hub is not None and DOCKER_HUB in upstreams:
            return hub
        return self if self.registry in upstreams else None

    @property
    def as_asked(self) -> "Reference":
        """What a registry is asked for: by digest where there is one, else by tag, `latest` by default."""
        return self.with_version(None if self.digest else self.version, self.digest)

    def with_version(self, tag: str | None, digest: str | None) -> "Reference":
        """Return the same repository at another tag and digest."""
        return Reference(self.registry, self.repository, tag, digest)

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Read `text` as Docker does, filling in `docker.io` and `library/`; no tag is invented.

        Raises InvalidReference for a text that is not a reference, and for an image ID, which the grammar
        would take for a repository called `sha256`.
        """
        return _parsed(text)


def is_tag(text: str) -> bool:
    """Tell whether a text can be a tag."""
    return bool(_TAG.match(text))


@lru_cache(maxsize=8192)  # code names the same few images again and again
def _parsed(text: str) -> Reference:
    if _IMAGE_ID.match(text):
        raise InvalidReference(
            f"{text!r} is an image ID, not a reference", hint="name the image by repository and tag or digest"
        )
    registry, rest = _split_registry(text)
    rest, at, digest = rest.partition("@")
    path, colon, tag = rest.partition(":")
    registry, path = _fold(registry, path)
    _check_path(text, path)
    if colon and not _TAG.match(tag):
        raise InvalidReference(
            f"{text!r} has no valid tag: {tag!r}", hint="a tag is letters, digits, _, . and -, 128 at most"
        )
    if at:
        _check_digest(text, digest)
    return Reference(registry, path, tag or None, digest or None)


def _split_registry(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash or not (first == "localhost" or "." in first or ":" in first or first.lower() != first):
        return DOCKER_HUB, text
    if _DOMAIN.match(first):
        return first, rest
    if _PATH.match(first):
        return "", text  # `foo_bar.com/baz`: no domain, because of the underscore
    raise InvalidReference(
        f"{text!r} has no valid registry: {first!r}", hint="a registry is HOST or HOST:PORT"
    )


def _fold(registry: str, path: str) -> tuple[str, str]:
    """Give Docker Hub its one name, and its official images their `library/`."""
    host = registry.lower().removesuffix(":443")
    if host not in _ALIASES:
        return registry, path
    return DOCKER_HUB, path if "/" in path else f"library/{path}"


def _check_path(text: str, path: str) -> None:
    if len(path) > _LONGEST_PATH:
        raise InvalidReference(
            f"{text[:40] + '…'!r} has a repository of {len(path)} characters, {_LONGEST_PATH} at most",
            hint=_GRAMMAR,
        )
    if _PATH.match(path):
        return
    if _PATH.match(path.lower()):
        raise InvalidReference(
            f"{text!r} has a repository that is not lower case: {path!r}", hint="write it in lower case"
        )
    raise InvalidReference(f"{text!r} is not an image reference", hint=_GRAMMAR)


def _check_digest(text: str, digest: str) -> None:
    algorithm, _, value = digest.partition(":")
    length = _DIGEST_LENGTH.get(algorithm)
    if length is None:
        raise InvalidReference(f"{text!r} has an unsupported digest algorithm: {algorithm!r}", hint=_DIGESTS)
    if len(value) != length:
        raise InvalidReference(
            f"{text!r} has a digest of {len(value)} characters, {length} expected",
            hint="copy the digest whole",
        )
    if not _HEX.match(value):
        raise InvalidReference(
            f"{text!r} has a digest that is not lower-case hexadecimal",
            hint="copy the digest as the registry prints it",
        )


def _carrier(registry: str, repository: str) -> Carrier:
    if registry == DOCKER_HUB:
        return Carrier.DOCKER_HUB
    if registry in _MIRRORS:
        return Carrier.MIRROR
    if registry == "public.ecr.aws" and repository.startswith("docker/library/"):
        return Carrier.ECR_PUBLIC
    if _ARTIFACT_REGISTRY.match(registry):
        return Carrier.ARTIFACT_REGISTRY
    if registry in _CONTAINER_REGISTRY:
        return Carrier.CONTAINER_REGISTRY
    return Carrier.OTHER


def spans(text: str) -> tuple[slice, slice, slice, slice]:
    """Return where registry, repository, tag and digest stand in a text that `Reference.parse` accepts.

    A part that is not written is an empty slice.
    """
    _, rest = _split_registry(text)
    start = len(text) - len(rest)  # past the registry and its slash, 0 where none is written
    name, _, digest = rest.partition("@")
    path, _, tag = name.partition(":")
    path_end = start + len(path)
    return (
        slice(0, max(start - 1, 0)),
        slice(start, path_end),
        slice(path_end + 1, path_end + 1 + len(tag)) if tag else slice(path_end, path_end),
        slice(len(text) - len(digest), len(text)) if digest else slice(len(text), len(text)),
    )
