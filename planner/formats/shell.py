"""Shell scripts: what docker, kubectl, helm, skopeo and the like pull, and the files that heredocs hold.

A file without a known extension is a script if its first line says so. Values of a script that is read with
`source` count where it is read, and what is set there counts in it.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from planner.formats._base import NO_EXTENSION, Format, Given
from planner.formats._scripts import WORDS, Finding, findings, with_settings
from planner.formats._shell_words import Value
from planner.formats._sourced import asking, handed, offered, plain, sources, taken
from planner.formats._template import without_tags
from planner.model.source import SourceFile, Text

_NAMED = re.compile(
    r"(?:\.(?:sh|bash|zsh|ksh|bats|envrc)(?:\.\w+)?|(?:^|/)\.?(?:bash|zsh|k?sh|z)?(?:rc|profile|env|_aliases|_login))\Z"
)
_SHEBANG = re.compile(r"\ufeff?#![^\n]*(?:\b(?:ba|da|z|k|a|mk)?sh|\bbats)\b")
_SETTING = re.compile(
    r"(?m)^(?:(?:export|readonly|declare(?: -\w+)*|typeset) )?([A-Za-z_]\w*)="
    r"(?:\"(?P<double>[^\"$`\\\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[\w./:@+-]+)"
    r"|\"?\$\{\w+:?[-=]\"?(?P<default>[\w./:@+-]+)\"?\}\"?)[ \t]*(?=[;#\r\n]|\Z)"
)
_READERS = ("shell", "github_actions")
_GROUPS = ("double", "single", "bare", "default")


def extract(source: SourceFile, given: Given) -> Iterator[Finding]:
    """Yield what the commands of a script name, and what it offers to scripts that read it."""
    if not (_NAMED.search(source.path) or _SHEBANG.match(source.text)):
        return
    names = _sources(source)
    read = taken(given, names, source.path)
    own = {name: (Value(value),) for name, value in (read | plain(given)).items()}
    folders = (posixpath.dirname(source.path), "")
    literal = _settings(source.text)
    found = findings(Text.at(0, _readable(source)), source.path, own, folders)
    yield from with_settings(found, literal)
    settings = read | literal
    yield from asking(names)
    yield from (item for reader in _READERS for item in offered(source.path, reader, settings))
    yield from handed(source.path, names, "shell", plain(given) | settings)


@lru_cache(maxsize=1)
def _sources(source: SourceFile) -> tuple[str, ...]:
    """Return the ends of the paths of the scripts that are read into this one."""
    names = sources(source.text)
    loaded = [f"{name}.bash" for name in names if source.path.endswith(".bats")]  # as `load` of bats does
    return tuple(dict.fromkeys((*names, *loaded)))


def _readable(source: SourceFile) -> str:
    """Return the text without tags of a template, and marks of tests of bats as lines a shell knows."""
    text = without_tags(source.text)
    if "@test" in text:
        text = re.sub(r"(?m)^([ \t]*)@test([^\n]*)\{[ \t]*$", _braced, text)
    return text


def _braced(test: "re.Match[str]") -> str:
    return test[1] + " " * (len(test[0]) - len(test[1]) - 1) + "{"


def _settings(text: str) -> dict[str, Text]:
    """Return what a script sets at the beginning of a line to a literal."""
    found: dict[str, Text] = {}
    for match in _SETTING.finditer(text):
        group = next((name for name in _GROUPS if match[name] is not None), "")
        if group:
            found[match[1]] = Text.at(match.start(group), match[group])
    return found


FORMAT = Format(
    name="shell",
    patterns=(
        "*.{sh,bash,zsh,ksh,bats,envrc}",
        "*.{sh,bash}.{in,tmpl,tpl,j2,template,erb,example,dist}",
        ".{bashrc,bash_profile,bash_aliases,profile,zshrc,zshenv,zprofile,envrc}",
        "{bin,sbin,script,scripts,hack,tools,tool,ci,.ci,.husky,.githooks,githooks,hooks}/*",
        "{bin,script,scripts,hack,ci,.ci,.buildkite,.circleci}/**/*",
        "*entrypoint*",
        "run-*",
        NO_EXTENSION,
    ),
    words=((*WORDS[0], b"source ", b"\n. ", b"&& . "),),
    extract=extract,
    builds=True,
    specification="https://www.gnu.org/software/bash/manual/bash.html",
    general=True,
)
