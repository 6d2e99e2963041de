"""What a gate finds: places in the code that may not stay as they are, each with what to write instead."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Criterion(StrEnum):
    """What makes a gate fail."""

    DOCKER_HUB = "docker-hub"  # a pull from a registry that is moved
    NEW = "new"  # an image that the baseline does not have
    UNRESOLVED = "unresolved"  # a text that should be a reference and is not known


class Level(StrEnum):
    """How sure a finding is."""

    ERROR = "error"
    WARNING = "warning"  # the scanner guessed, or does not know


@dataclass(frozen=True, slots=True)
class Region:
    """A half-open span of a file; lines and columns from 1, in characters. 0 is not known.

    `wide` and `end_wide` are how many characters before each column take two units of UTF-16.
    """

    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    wide: int = 0
    end_wide: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """Where something stands."""

    path: str  # from the working directory, printable
    uri: (
        str  # from the top of the repository, or with its scheme; percent-encoded, bytes that are no text too
    )
    region: Region


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text, and the region that it replaces; a region that ends where it begins is an insertion."""

    site: Site
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that may not stay as it is."""

    criterion: Criterion
    level: Level
    subject: str  # the image in full, or the text that is not known
    message: str  # what is wrong, in one sentence without a full stop
    advice: str  # what to write instead or to do, in the same way; empty where that is not known
    site: Site
    fingerprint: str  # stays while the file and what it names do, wherever the lines go
    edits: tuple[Replacement, ...] = ()  # that make it right, together; proved by a scan

    @property
    def said(self) -> str:
        """The message and the advice."""
        return f"{self.message}; {self.advice}" if self.advice else self.message


@dataclass(frozen=True, slots=True)
class Findings:
    """What a gate finds, ordered by place, and what it skips."""

    found: tuple[Finding, ...]
    criteria: tuple[Criterion, ...]  # that were asked for
    compared: bool = False  # whether with a baseline
    known: int = 0  # places that are no findings because the baseline has them
    gone: int = 0  # entries of the baseline that are nowhere any more
    kept: int = 0  # places that a rule or a plan leaves where they are
    measured: bool = False  # whether the texts were at hand, so that columns can be told in UTF-16


def uri_of(path: str) -> str:
    """Return a path as a relative reference, its bytes as they are: `a b%23.yaml`, `caf%E9/Dockerfile`.

    https://www.rfc-editor.org/rfc/rfc3986#section-4.2: a colon is encoded as well, for the first part may not
    hold one. An absolute path gets its scheme.
    """
    quoted = quote(path.encode("utf-8", "surrogateescape"), safe="/-._~")
    return f"file://{quoted}" if path.startswith("/") else quoted
