"""Settings of no kind that is known: TOML, INI, properties, variables, and properties of Maven.

What is called like an image, or is a whole reference to a registry, is pulled by whatever reads the settings.
It must have a version; without a namespace it must be an official image. `.env` is read for Compose.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code_tests import is_test
from planner.formats._image_fields import plausible, versioned
from planner.formats._official_images import is_official
from planner.formats._properties import properties
from planner.formats._toml import strings
from planner.formats._whole_references import whole
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_KEY = re.compile(r"(?i)(?:\A|.*[_.\-a-z0-9])image(?:[_.-]?(?:name|ref|uri))?\Z")
_LINE = re.compile(
    r"(?m)^[ \t]*+(?:export[ \t]++)?(?P<key>[\w.-]++)[ \t]*+[=:][ \t]*+(?P<quote>[\"']?)"
    r"(?P<value>[a-z0-9][\w./:@-]*+)(?P=quote)[ \t]*+,?[ \t]*+\r?(?:$|[#;])"
)
_PROPERTY = re.compile(
    r"(?P<open><properties>)|(?P<close></properties>)|<!--(?P<comment>)"
    r"|<(?P<key>[\w.-]*[.-][\w.-]*+)>\s*+(?P<value>[a-z0-9][\w./:@-]*+)\s*+</"
)
_PASSED_OVER = re.compile(  # what is chosen among, compared with or built
    r"(?i)(?:\A|\.)env(?:ironment|_vars)?\.|variables|label|annotation|den(?:y|ied)|allow|block|forbid|exempt|ignore|exclude|trust|polic|push|publish|output"
    r"|destination|tags\Z|example|description|mirror|spring-boot\.build-image|container-image|jib\.to"
)
# Those that a kind of its own reads for others, and those that package managers write.
_OTHERS = re.compile(
    r"(?i)(?:\A|/)(?:\.env|(?:\.env|env|dotenv)[._-][a-z]+|\.?(?:example|sample|template)\.env"
    r"|gradle\.properties|[^/]*\.lock|cargo\.toml|registries\.conf)\Z"
)
_POM = (".xml", ".pom")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of settings."""
    if _OTHERS.search(source.path):
        return
    role = Role.TEST if is_test(source.path) else Role.WORKLOAD
    for key, value in _settings(source):
        if _told(key, str(value), anything=not source.path.endswith(_POM)):
            yield Candidate.of(value, role, Confidence.HEURISTIC)


def _settings(source: SourceFile) -> Iterator[tuple[str, Text]]:
    """Yield keys, dotted, and what they are set to."""
    if source.path.endswith(_POM):
        yield from _properties(source.text)
    elif source.path.endswith(".toml"):
        for string in strings(source.text):
            yield ".".join(key for key in string.keys if key != "[]"), string.value
    elif source.path.endswith(".properties"):
        yield from properties(source.text)
    else:
        for match in _LINE.finditer(source.text):
            yield match["key"], Text.at(match.start("value"), match["value"])


def _properties(text: str) -> Iterator[tuple[str, Text]]:
    """Yield the properties of a POM that are no elements of plug-ins: their names have parts."""
    inside, position = False, 0
    while match := _PROPERTY.search(text, position):
        position = match.end()
        if match["comment"] is not None:
            end = text.find("-->", position)
            position = end if end >= 0 else len(text)
        elif match["key"] is None:
            inside = match["open"] is not None
        elif inside:
            yield match["key"], Text.at(match.start("value"), match["value"])


def _told(key: str, value: str, *, anything: bool) -> bool:
    """Whether a value is an image; with `anything` a whole reference is one, whatever its key is called."""
    if ":" not in value or _PASSED_OVER.search(key):
        return False
    if anything and whole(value):
        return True
    return (
        bool(_KEY.match(key))
        and ("/" in value or is_official(value))
        and versioned(value)
        and plausible(value, bare=False)
        and not posixpath.isabs(value)
    )


FORMAT = Format(
    name="plain_settings",
    patterns=("*.{toml,ini,cfg,conf,properties,env}", "pom.xml", "*-pom.xml", "*.pom"),
    words=((b"mage", b"MAGE", b".io/", b"registry", b"docker.", b"mcr.", b"pkg.dev"), (b":",)),
    extract=extract,
    own_code=True,
    general=True,
    fallback=True,
    specification="https://toml.io/en/v1.0.0",
)
