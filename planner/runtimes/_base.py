"""What a runtime is, and what a mirror is to it.

A runtime says how its files name a mirror. It merges and reads texts; files are read and written elsewhere.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.errors import ConfigError
from planner.model.reference import MIRROR, Carrier, Reference
from planner.model.source import SourceFile

HUB = "registry-1.docker.io"  # where Docker Hub serves images
_SPELLED = re.compile(
    r"(?:https://)?(?P<host>[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]{1,5})?)(?P<path>(?:/[a-z0-9][a-z0-9._-]*)*)/?\Z"
)
_SCHEME = re.compile(r"[a-z]+://")
_HUB_HOSTS = ("docker.io", "index.docker.io", HUB, "registry.hub.docker.com")


@dataclass(frozen=True, slots=True)
class Mirror:
    """A registry that answers for Docker Hub; `path` is empty or what stands before the repository there."""

    host: str
    path: str = ""  # PROJECT/REPOSITORY of a remote repository, without slashes around it

    @classmethod
    def parse(cls, text: str) -> "Mirror":
        """Read `mirror.gcr.io` or `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY`. Raises ConfigError."""
        match = _SPELLED.match(text)
        if match is None:
            raise ConfigError(f"{_redacted(text)!r} is no mirror", hint=_mirror_hint(text))
        mirror = cls(match["host"].lower(), match["path"].strip("/"))
        if mirror.in_artifact_registry and mirror.path.count("/") != 1:
            raise ConfigError(
                f"{text!r} is no repository of Artifact Registry",
                hint="write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY",
            )
        if mirror.host in _HUB_HOSTS:
            raise ConfigError(f"{text!r} is Docker Hub itself", hint=f"a mirror is {MIRROR}, for example")
        return mirror

    @property
    def name(self) -> str:
        """Host and path, as they stand before the repository in a reference."""
        return f"{self.host}/{self.path}" if self.path else self.host

    @property
    def url(self) -> str:
        """The mirror where a URL is wanted and the API's `/v2` is added by the reader."""
        return f"https://{self.name}"

    @property
    def endpoint(self) -> str:
        """The mirror as containerd takes it: a path comes after the `/v2` of the API."""
        return f"https://{self.host}/v2/{self.path}" if self.path else f"https://{self.host}"

    @property
    def in_artifact_registry(self) -> bool:
        """Whether this is a repository of Artifact Registry, which asks for credentials."""
        return Reference(self.host, self.path or "-").carrier is Carrier.ARTIFACT_REGISTRY


def _mirror_hint(text: str) -> str:
    if text.startswith("http://"):
        return "a mirror is asked over https"
    return f"write {MIRROR} or LOCATION-docker.pkg.dev/PROJECT/REPOSITORY"


def _redacted(text: str) -> str:
    """Return a URL without the password it may hold."""
    return re.sub(r"//[^/@]*@", "//…@", text)


def _hub(_: SourceFile) -> tuple[str, ...]:
    return (HUB,)


@dataclass(frozen=True, slots=True)
class File:
    """A file that sets the mirrors of a runtime."""

    name: str  # what it is called: `daemon.json`
    language: str  # json, toml, yaml, shell, ini or properties
    places: tuple[str, ...]  # where it is read from; the first is written; ~ is the user's home
    merge: Callable[[SourceFile, Mirror], str]  # raises ConfigError for what cannot be read or is refused
    mirrors: Callable[[SourceFile], tuple[str, ...]]  # those for Docker Hub, in the order they are asked
    last: Callable[[SourceFile], tuple[str, ...]] = _hub  # what is asked when they do not have an image
    alternative: bool = False  # says the same as another file of the runtime, which is the one to take


@dataclass(frozen=True, slots=True)
class Step:
    """A command for one platform."""

    platform: str
    command: str


@dataclass(frozen=True, slots=True)
class Runtime:
    """Something that pulls images and can be told of a mirror."""

    name: str
    title: str
    files: tuple[File, ...]
    restart: tuple[Step, ...]  # what makes a change take effect
    check: str  # a command that shows whether it did
    private: str  # what it needs to use a repository of Artifact Registry that is not public
    miss: str  # what it does when no mirror has an image
    default: tuple[str, ...]  # the hosts that are asked where nothing is set, in order
    specification: str  # URL
    flag: Callable[[Mirror], str] | None = None  # the same as a command line, where there is one


def place(existing: Sequence[str], mirror: Mirror) -> int:
    """Return where a mirror goes among those that are there, whose order stays.

    What is one's own is asked before Google's cache for everybody, and that before Docker Hub: a cache that
    is asked first keeps an own repository from ever holding the image. Otherwise the new one is asked last.
    """
    rank = _rank(mirror.host)
    return next((index for index, one in enumerate(existing) if _rank(host(one)) > rank), len(existing))


def _rank(name: str) -> int:
    if name in _HUB_HOSTS:
        return 2
    return 1 if Reference(name, "-").carrier is Carrier.MIRROR else 0


def host(endpoint: str) -> str:
    """Return the host of a mirror as a file names it, with or without scheme and path."""
    return _SCHEME.sub("", endpoint).split("/", 1)[0].rpartition("@")[2].lower()


def present(existing: Sequence[str], mirror: Mirror) -> bool:
    """Say whether a mirror is there already, however it is spelled."""
    return mirror.name in [spelled(one) for one in existing]


def spelled(endpoint: str) -> str:
    """Return host and path of a mirror as a file names it, without scheme, credentials and `/v2`."""
    parts = _SCHEME.sub("", endpoint).rpartition("@")[2].strip("/").split("/")
    if len(parts) > 1 and parts[1] == "v2":
        del parts[1]
    return "/".join((parts[0].lower(), *parts[1:]))


def wrong(file: SourceFile, offset: int, problem: str, hint: str) -> ConfigError:
    """Return the error for what stands at `offset`."""
    line, column = file.position(offset)
    return ConfigError(f"{file.path}:{line}:{column}: {problem}", hint=hint)
