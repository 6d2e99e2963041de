"""Remote repositories: cloned without history and without blobs, so that only what is read is fetched."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from msgspec.structs import replace

from planner.errors import SourceError, reason
from planner.model.source import printable
from planner.sources._own import own
from planner.sources.git_command import git, run
from planner.sources.revision import Revision, resolve

_URL = re.compile(r"(?:https?|ssh|git|file)://|[\w.-]+@[\w.-]+:(?!/)")  # the last as scp writes it
_PARTS = re.compile(r"(?P<scheme>[\w+.-]+://)(?:[^/?#]*@)?(?P<rest>[^?#]*)")  # of any text: urlsplit raises
_LOGIN = re.compile(r"^[^/\s]*:[^/\s]*@")
_LONGEST = 300  # characters of what git says


def is_url(text: str) -> bool:
    """Whether this names a repository elsewhere."""
    return bool(_URL.match(text))


def redacted(url: str) -> str:
    """Return a URL without what might be a password."""
    if match := _PARTS.match(url):
        return "".join(match.group("scheme", "rest"))
    return _LOGIN.sub("", url)


def short_name(url: str) -> str:
    """Return what a repository is called: `github.com/org/repo`."""
    place = redacted(url)
    path = place.partition("://")[2] if "://" in place else place.partition("@")[2].replace(":", "/", 1)
    return path.strip("/").removesuffix(".git")


def origin(folder: Path) -> str:
    """Return the URL that a checkout was cloned from, empty where there is none or it is a path."""
    url = git(folder, "config", "--get", "remote.origin.url").decode("utf-8", "replace").strip()
    return url if is_url(url) else ""


def fetched(url: str, revision: str, folder: Path) -> Revision:
    """Return a commit of a remote repository, whose trees are brought below `folder`.

    The repository is kept there, so that the next time only what is new is fetched. Raises SourceError.
    """
    place = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.git"
    wanted = revision or "HEAD"
    kept = f"refs/hub2ar/{hashlib.sha256(wanted.encode()).hexdigest()[:24]}"  # another scan may want another
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with own(place) as lock:
            if not (place / "HEAD").is_file():
                _initialise(place, url)
            run(
                place,
                *("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none"),
                *("--recurse-submodules=no", "--force", "--", "origin", f"{wanted}:{kept}"),
                remote=True,
                locks=(lock,),
            )
        return replace(resolve(place, kept), own=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise _unfetched(url, error) from error


def _unfetched(url: str, error: subprocess.SubprocessError | OSError) -> SourceError:
    """Return the error for a repository that cannot be fetched, with what can be done about it."""
    match error:
        case subprocess.CalledProcessError():
            said, hint = _said(error, url), "check the URL, the revision and that `git fetch` may read it"
        case subprocess.TimeoutExpired():
            said, hint = (
                f"no end after {error.timeout:.0f} s",
                "run it again, or clone it and name the directory",
            )
        case TimeoutError():
            said, hint = str(error), "see whether a `git fetch` of another scan hangs, and end it"
        case FileNotFoundError():
            said, hint = reason(error), "is git installed?"
        case _:
            said = f"{reason(error)}: {error.filename!r}" if isinstance(error, OSError) else str(error)
            hint = "make room there, see that it may be written, or name another folder with HUB2AR_CACHE_DIR"
    return SourceError(f"{redacted(url)} cannot be fetched: {said}", hint=hint)


def _initialise(place: Path, url: str) -> None:
    """Make an empty repository that knows its remote; whole or not at all."""
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    run(part, "init", "--quiet", "--bare")
    for name, value in (
        ("remote.origin.url", url),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "blob:none"),
        ("gc.auto", "0"),
    ):
        run(part, "config", name, value)
    part.rename(place)


def _said(error: "subprocess.CalledProcessError", url: str) -> str:
    """Return what git says before its advice, which stands after an empty line, without credentials."""
    said = (error.stderr or b"").decode("utf-8", "replace").replace(url, redacted(url)).strip()
    first, _, _ = said.replace("\r", "").partition("\n\n")
    lines = [line for line in first.splitlines() if not line.lower().startswith("warning:")]
    told = "; ".join(lines) or f"git ended with {error.returncode}"
    return printable(re.sub(r"//[^/\s@]+@", "//", told))[:_LONGEST]
