"""Makefiles: what the commands of the rules pull and build, with the variables of make filled in.

Every branch of a condition counts, and a rule for many targets counts for each. Values travel along
`include`, and into Dockerfiles with `--build-arg`.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Binding, Format, Given, Item
from planner.formats._distinct import distinct
from planner.formats._makefile_lines import Assignment, Export, Include, Recipe, Statement, statements
from planner.formats._makefile_rules import Automatic
from planner.formats._makefile_variables import Variables
from planner.formats._scripts import WORDS, Finding, findings, with_settings
from planner.formats._shell_words import Value
from planner.formats._sourced import offered, plain, taken
from planner.model.source import SourceFile, Text

_MOST_TURNS = 4  # readings, where branches set a variable to command lines that differ
_WILDCARD = re.compile(r"\$\(wildcard ([^()$]*)\)")
_LONGEST = 50_000  # characters of a command line; what is longer is reported, not read
_FILLED = re.compile(r"\$\([^()]*\)|\$\{[^{}]*\}")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the rules of a makefile name, and what it offers to others."""
    lines = tuple(statements(source.text))
    variables = _variables(source, lines, given)
    literal = {name: texts[0] for name, texts in variables.texts.items() if _is_literal(texts)}
    own = {name: text for name, text in literal.items() if not any(run.path for run in text.runs)}
    yield from with_settings(distinct(_commands(source, lines, variables)), own)
    yield from offered(source.path, "makefile", own)
    for target in _includes(source, lines):
        given_on = {name: text for name, text in literal.items() if not _is_from(text, target)}
        if given_on and "*" not in target:
            yield Binding(target, "makefile", given_on)


def _variables(source: SourceFile, lines: tuple[Statement, ...], given: Given) -> Variables:
    """Return the variables of a makefile and of those it includes."""
    variables = Variables.of(source)
    names = [name for line in lines if isinstance(line, Include) for name in _ends(line)]
    included = taken(given, names, source.path) if names else {}
    for name, value in included.items():
        variables.texts[name] = [value]
    for line in lines:
        if isinstance(line, Assignment):
            variables.learn(line)
    for name, value in plain(given).items():
        variables.texts.setdefault(name, [value])
    return variables


def _commands(source: SourceFile, lines: tuple[Statement, ...], variables: Variables) -> Iterator[Finding]:
    folders = (posixpath.dirname(source.path), "")
    exported = _environment(lines, variables)
    automatic = Automatic.of(lines, variables)
    recipes = [line for line in lines if isinstance(line, Recipe)]
    values = [line.value for line in lines if isinstance(line, Assignment) and "$" in str(line.value)]
    recipes += [
        Recipe(line.value) for line in lines if isinstance(line, Assignment) and line.operator == "!="
    ]
    for text in values if "shell" in source.text else ():
        variables.word(text)  # finds what `$(shell …)` runs
    while variables.turn < min(variables.turns, _MOST_TURNS):
        for recipe in recipes:
            script, before = recipe.script, variables.varied
            filled = variables.word(script, automatic.bound(recipe)) if len(script) < _LONGEST else script
            if not variables.turn or variables.varied > before:  # else the first turn found it
                yield from findings(filled, source.path, exported, folders)
        variables.turn += 1
    for script in tuple(variables.scripts.values()):
        yield from findings(variables.word(script), source.path, exported, folders)


def _environment(lines: tuple[Statement, ...], variables: Variables) -> Mapping[str, tuple[Value, ...]]:
    """Return what the commands of the rules find in their environment."""
    exports = [line.names for line in lines if isinstance(line, Export)]
    names = {line.name for line in lines if isinstance(line, Assignment) and line.exported}
    names.update(name for group in exports for name in group)
    wanted = list(variables.texts) if () in exports else [name for name in variables.texts if name in names]
    return {
        name: tuple(value for text in variables.texts[name] for value in variables.word(text).choices())
        for name in wanted
    }


def _ends(include: Include) -> list[str]:
    """Return the ends of the paths of included files, from after what is not known."""
    written = _FILLED.sub("", _WILDCARD.sub(r"\1", str(include.files))).split()
    return [posixpath.normpath(name.lstrip("/")) for name in written if name.strip("./")]


def _includes(source: SourceFile, lines: tuple[Statement, ...]) -> Iterator[str]:
    folder = posixpath.dirname(source.path)
    for line in lines:
        if isinstance(line, Include):
            for name in str(line.files).split():
                path = posixpath.normpath(posixpath.join(folder, name))
                if "$" not in name and not path.startswith(("/", "../")):
                    yield path


def _is_from(text: Text, path: str) -> bool:
    """Whether some of a text stands in a file."""
    return any(run.path == path for run in text.runs)


def _is_literal(texts: list[Text]) -> bool:
    return len(texts) == 1 and "$" not in str(texts[0])


FORMAT = Format(
    name="makefile",
    patterns=(
        "{Makefile,makefile,GNUmakefile,BSDmakefile}",
        "{Makefile,makefile}.*",
        "*.{mk,mak,make}",
        "*.Makefile",
    ),
    words=WORDS,
    extract=extract,
    builds=True,
    specification="https://www.gnu.org/software/make/manual/make.html",
)
