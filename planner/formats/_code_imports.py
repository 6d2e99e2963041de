"""What a file of a program may be called by others, and what it takes from others, in four languages.

Go knows a package by its folder, Python and JavaScript know a module by its path, C# a class by its name. A
path in an import may begin above the repository, or at any folder that a tool is told of; so its last two
parts must do, unless it is relative.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from msgspec import Struct

from planner.formats import _code as code
from planner.formats._code_file import CodeFile
from planner.model.source import SourceFile

_MOST = 500  # imports of a file
_ENDING = re.compile(r"\.d\.ts\Z|\.[a-z]+\Z")
_INDEX = ("/index", "/__init__")
_FROM = re.compile(
    r"(?m)^[ \t]*+from[ \t]++(?P<module>\.*+[\w.]*+)[ \t]++import[ \t]++"
    r"(?P<names>\([^()]{0,2000}+\)|[^\n#(]++)"
)
_MODULE = re.compile(r"(?m)^[ \t]*+import[ \t]++(?P<module>\w[\w.]*+)(?:[ \t]++as[ \t]++(?P<alias>\w++))?")
_SCRIPT = re.compile(r"\b(?:from\s*+|(?:require|import)\s*+\(\s*+)[\"'](?P<path>[^\"'\n]{1,200})[\"']")
_LEAD = 2000  # characters before the path of an import that hold its names
_BEGINS = re.compile(r"\b(?:import|const|let|var)\s")
_NAMED = re.compile(r"(?P<name>\w+)(?:\s*(?:\bas\b|:)\s*(?P<alias>\w+))?")
_GO_IMPORT = re.compile(
    r"(?m)^[ \t]*+(?:import[ \t]++)?(?:(?P<alias>[\w.]++)[ \t]++)?\"(?P<path>[\w.~/-]++)\"[ \t]*+(?://[^\n]*+)?\r?$"
)
_ALIASES = ("@/", "~/", "#", "@")  # of folders, as the settings of a bundler have them


class Import(Struct, frozen=True):
    """Something that a file takes from another."""

    unit: str  # what it is taken from: the other file's own name, or the end of it
    exact: bool  # whether that is the whole of the other's name
    name: str = ""  # one of its names; empty for all
    prefix: str = ""  # what stands before its names here: `images.`
    alias: str = ""  # what the one is called here, where that differs

    def seen(self, unit: str, name: str) -> str:
        """Return what a name of another file is called here; nothing where this does not take it."""
        same = unit == self.unit or (not self.exact and unit.endswith(f"/{self.unit}"))
        if not same or (self.name and self.name != name):
            return ""
        return self.alias or self.prefix + name


def unit(file: CodeFile, path: str) -> str:
    """Return what others call a file of a program; nothing where they cannot."""
    if file.language is code.GO:
        return posixpath.dirname(path)
    if file.language is code.CSHARP:
        return _class(file)
    if file.language in (code.PYTHON, code.JAVASCRIPT):
        return _without_index(_ENDING.sub("", path))
    return ""


def short(name: str) -> str:
    """Return the last two parts of a path."""
    return "/".join(name.split("/")[-2:])


def imports(file: CodeFile, source: SourceFile) -> Iterator[Import]:
    """Yield what a file takes from others."""
    read = _READERS.get(file.language)
    yield from islice(read(file, source), _MOST) if read else ()


def _without_index(path: str) -> str:
    for ending in _INDEX:
        path = path.removesuffix(ending)
    return path


def _class(file: CodeFile) -> str:
    for index, token in enumerate(file.tokens[:-1]):
        if token.text == "class" and token.kind is code.Kind.NAME:
            return file.tokens[index + 1].text
    return ""


def _go(_file: CodeFile, source: SourceFile) -> Iterator[Import]:
    yield Import(posixpath.dirname(source.path), exact=True)
    for match in _GO_IMPORT.finditer(source.text):
        path, alias = match["path"], match["alias"] or match["path"].rpartition("/")[2]
        if "." in path.partition("/")[0]:  # else it is of Go itself
            prefix = "" if alias == "." else f"{alias}."
            yield Import(short(path), exact=False, prefix=prefix)
            yield Import(path.rpartition("/")[2], exact=True, prefix=prefix)


def _python(_file: CodeFile, source: SourceFile) -> Iterator[Import]:
    for match in islice(_FROM.finditer(source.text), _MOST):
        module, exact = _module(match["module"], source.path)
        names = match["names"].strip("() \t\r")
        if names == "*":
            yield Import(module, exact)
        for each in () if names == "*" else _NAMED.finditer(names):
            alias = each["alias"] or each["name"]
            inner = f"{module}/{each['name']}" if module else each["name"]
            if not alias[:1].isupper():
                yield Import(inner if exact else short(inner), exact, prefix=f"{alias}.")
            yield Import(module, exact, each["name"], alias=alias)
    for match in islice(_MODULE.finditer(source.text), _MOST):
        module, exact = _module(match["module"], source.path)
        yield Import(module, exact, prefix=f"{match['alias'] or match['module']}.")


def _module(dotted: str, path: str) -> tuple[str, bool]:
    """Return a module as a path, and whether that is all of it: a name alone lies beside the file."""
    rest = dotted.lstrip(".")
    folder = posixpath.dirname(path)
    for _ in range(len(dotted) - len(rest) - 1):
        folder = posixpath.dirname(folder)
    name = rest.replace(".", "/")
    if rest != dotted or "/" not in name:
        return posixpath.join(folder, name).rstrip("/"), True
    return short(name), False


def _javascript(_file: CodeFile, source: SourceFile) -> Iterator[Import]:
    for match in islice(_SCRIPT.finditer(source.text), _MOST):
        found, exact = _path(match["path"], source.path)
        whole, brace, inner = _names(source.text[max(match.start() - _LEAD, 0) : match.start()]).partition(
            "{"
        )
        for each in _NAMED.finditer(inner.partition("}")[0]) if brace else ():
            yield Import(found, exact, each["name"], alias=each["alias"] or each["name"])
        alias = whole.strip(" ,\r\n").removeprefix("*").strip().removeprefix("as ").strip()
        if alias.isidentifier():
            yield Import(found, exact, prefix=f"{alias}.")


def _names(before: str) -> str:
    """Return what an import sets, given the text before its path."""
    begins = [match.end() for match in _BEGINS.finditer(before)]
    names = before[begins[-1] :].removesuffix("await ").strip() if begins else ""
    return names.removesuffix("=").strip()


def _path(written: str, path: str) -> tuple[str, bool]:
    if written.startswith("."):
        found = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
        return _without_index(_ENDING.sub("", found)), True
    for alias in _ALIASES:
        written = written.removeprefix(alias)
    return short(_without_index(_ENDING.sub("", written))), False


def _csharp(file: CodeFile, _source: SourceFile) -> Iterator[Import]:
    seen: set[str] = set()
    for index, token in enumerate(file.tokens[2:], 2):
        owner = file.tokens[index - 2]
        if (
            file.tokens[index - 1].text == "."
            and token.kind is owner.kind is code.Kind.NAME
            and token.text[:1].isupper()
            and owner.text[:1].isupper()
            and owner.text not in seen
        ):
            seen.add(owner.text)
            yield Import(owner.text, exact=True, prefix=f"{owner.text}.")


_READERS: Mapping[code.Language, Callable[[CodeFile, SourceFile], Iterator[Import]]] = {
    code.GO: _go,
    code.PYTHON: _python,
    code.JAVASCRIPT: _javascript,
    code.CSHARP: _csharp,
}
