"""Images that one file of a program keeps for others: constants of a package, a module or a class.

Who uses one names the file in an import, or is in the same package; that is asked for by name, and only files
with constants that are images answer.
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats._base import Binding, Definition, Given
from planner.formats._code_constants import Changed
from planner.formats._code_fields import blocks, is_field
from planner.formats._code_file import CodeFile
from planner.formats._code_imports import imports, short, unit
from planner.formats._image_fields import plausible, versioned
from planner.formats._testcontainers_java import ImageNames
from planner.formats._testcontainers_shared import bindings as of_class
from planner.model.source import SourceFile, Text

USERS = (
    "testcontainers", "docker_sdk", "code_commands", "airflow", "kfp", "python_pipelines", "pulumi", "cdk",
    "dagger",
)  # fmt: skip
_MOST = 200  # constants of a file
_PART = re.compile(r"(?i)image|tag|version|registry|repo")
_VALUE = re.compile(r"[\w][\w./:@-]*\Z")
_JVM = (code.JAVA, code.KOTLIN, code.GROOVY, code.SCALA)
_LANGUAGES = {code.GO: "go", code.PYTHON: "python", code.JAVASCRIPT: "javascript", code.CSHARP: "csharp"}
_KEY = "{} {}"  # what the file is called, and the name of the constant


def bindings(source: SourceFile, file: CodeFile) -> Iterator[Binding]:
    """Yield the constants of a file that are images or parts of them, for the files that use them."""
    if file.language in _JVM:
        yield from of_class(file, ImageNames.of(file))
    if file.language not in _LANGUAGES:
        return
    name = unit(file, source.path)
    found = {_KEY.format(name, key): text for key, text in islice(_constants(source, file), _MOST)}
    if not any(versioned(str(text)) and plausible(str(text), bare=False) for text in found.values()):
        return
    for key in dict.fromkeys((name, short(name))):
        for user in USERS:
            yield Binding("**", user, found, always=True, of=_defined(file, key))


def _constants(source: SourceFile, file: CodeFile) -> Iterator[tuple[str, Text]]:
    found = list(blocks(file))
    for name in file.places:
        value = file.constants.get(name)
        if value is None or not is_field(source, value.start, found) or not _VALUE.match(str(value)):
            continue
        if _PART.search(name) or (versioned(str(value)) and plausible(str(value), bare=False)):
            yield name, value


def with_kept(source: SourceFile, file: CodeFile, given: Given) -> CodeFile:
    """Return a file that knows what other files keep for it."""
    seen = dict(_seen(source, file, given)) if given else {}
    return replace(file, told=Changed(file.constants, seen)) if seen else file


def _seen(source: SourceFile, file: CodeFile, given: Given) -> Iterator[tuple[str, Text]]:
    taken = list(imports(file, source))
    for key, text in given.items():
        name, _, constant = key.rpartition(" ")
        for each in taken:
            here = each.seen(name, constant)
            if here and here not in file.places and here not in file.constants:
                yield here, text


def definitions(source: SourceFile, file: CodeFile) -> Iterator[Definition]:
    """Yield by what names the files are known that a file may take something from."""
    for key in dict.fromkeys(each.unit for each in imports(file, source)):
        yield Definition(_defined(file, key))


def _defined(file: CodeFile, key: str) -> str:
    return f"{_LANGUAGES[file.language]} {key}"
