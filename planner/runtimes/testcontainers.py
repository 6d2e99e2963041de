"""Testcontainers: a prefix for names of Docker Hub images. It is no mirror: nothing falls back to Docker Hub.

The prefix goes before the name as the test has it, so `library/` is not added. The Docker that
Testcontainers uses has mirrors of its own, which do fall back.
"""

import re

from planner.errors import ConfigError
from planner.model.reference import MIRROR, Carrier, Reference
from planner.model.source import SourceFile
from planner.runtimes._base import HUB, File, Mirror, Runtime, present, spelled, wrong
from planner.runtimes._text import appended

KEY = "hub.image.name.prefix"
_SET = re.compile(rf"(?m)^[ \t\f]*{re.escape(KEY)}[ \t]*(?:[=: \t])[ \t]*(\S*)[ \t]*\r?$")


def _merge(file: SourceFile, mirror: Mirror) -> str:
    prefix = _accepted(mirror)
    existing = _mirrors(file)
    if present(existing, mirror):
        return file.text
    if existing:
        offset = next(match.start(1) for match in _SET.finditer(file.text))
        raise wrong(
            file,
            offset,
            f"the prefix is {spelled(existing[0])!r}, and there is one only",
            "take it out first",
        )
    return appended(file.text, f"{KEY}={prefix}\n")


def _accepted(mirror: Mirror) -> str:
    """Return the prefix. Raises ConfigError for Google's cache, which does not hold every image."""
    if Reference(mirror.host, "-").carrier is Carrier.MIRROR:
        raise ConfigError(
            f"with the prefix {mirror.name!r} every image that {MIRROR} does not hold fails: there is no "
            "fallback",
            hint="set the mirror of Docker: `hub2ar mirror config docker` or `docker-desktop`",
        )
    return f"{mirror.name}/"


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    found = [match[1] for match in _SET.finditer(file.text)]
    return (found[-1],) if found and found[-1] else ()


def _last(file: SourceFile) -> tuple[str, ...]:
    return () if _mirrors(file) else (HUB,)


RUNTIME = Runtime(
    name="testcontainers",
    title="Testcontainers",
    files=(
        File(
            ".testcontainers.properties",
            "properties",
            ("~/.testcontainers.properties",),
            _merge,
            _mirrors,
            _last,
        ),
    ),
    flag=lambda mirror: f"export TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX={_accepted(mirror)}",
    restart=(),
    check="the log of the tests says which image name was substituted",
    private="the client's: `gcloud auth configure-docker LOCATION-docker.pkg.dev` where the tests run",
    miss="the test fails: the prefix is part of the name, and no other registry is asked",
    default=(HUB,),
    specification="https://java.testcontainers.org/features/image_name_substitution/",
)
