"""cloud-init: what the commands of a machine's first boot pull, and the files that it writes."""

import re
from collections.abc import Iterator

from planner.formats._base import Embedded, Format, Given
from planner.formats._ci import items, problems, scalars, value
from planner.formats._commands import found
from planner.formats._scripts import WORDS, Finding, findings, settled
from planner.formats._select import select
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_HEADER = re.compile(r"(?m)\A(?:\ufeff?(?:[ \t]*(?:\{[{%#][^\n]*|#[^\n]*)?\r?\n)*?)#cloud-config\b")
_NAMED = re.compile(r"(?i)(?:^|/)(?:cloud[-_.]?(?:init|config)|user[-_]?data|autoinstall)[^/]*\Z")
_COMMANDS = (
    "runcmd", "bootcmd", "run_cmd", "boot_cmd", "autoinstall.late-commands", "autoinstall.early-commands",
    "autoinstall.user-data.runcmd", "autoinstall.user-data.bootcmd", "late-commands", "early-commands",
)  # fmt: skip
_FILES = ("write_files", "autoinstall.user-data.write_files")
_UNITS = ("coreos.units[]", "coreos.units[].drop-ins[]")
_ENCODED = re.compile(r"(?i)gz|b(?:ase)?64")


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands name, and the files that are written."""
    if not (_HEADER.match(source.text[:4000]) or _NAMED.search(source.path)) or source.text.startswith("#!"):
        return
    parsed = parse(source)
    if _HEADER.match(source.text[:4000]):
        yield from problems(parsed, Role.SCRIPT)
    for document in parsed.documents:
        for path in _COMMANDS:
            for section in select(document, path):
                for item in items(section):
                    yield from _command(item, source.path)
        for path in _FILES:
            for section in select(document, path):
                yield from (file for item in items(section) for file in _file(item))
        for path in _UNITS:
            for unit in select(document, path):
                yield from _unit(unit)


def _command(item: Node, path: str) -> Iterator[Finding]:
    """Read a command: a text for a shell, or a list of words."""
    if type(item) is Scalar:
        yield from findings(item.text, path, {}, ("",))
    elif type(item) is Sequence:
        words = list(scalars(item))
        if len(words) > 2 and re.fullmatch(r"(?:.*/)?(?:ba|da|z)?sh", words[0].value):
            yield from findings(words[-1].text, path, {}, ("",))
        else:
            yield from settled(found([Word.literal(word.text) for word in words]), path, ("",))


def _file(item: Node) -> Iterator[Embedded]:
    content = item.get("content") if type(item) is Mapping else None
    if type(content) is Scalar and not _ENCODED.search(value(item, "encoding")):
        yield Embedded(content.text, value(item, "path").lstrip("/"))


def _unit(unit: Node) -> Iterator[Embedded]:
    content = unit.get("content") if type(unit) is Mapping else None
    name = value(unit, "name")
    if type(content) is Scalar and name:
        yield Embedded(content.text, name if not name.endswith(".conf") else f"x.service.d/{name}")


FORMAT = Format(
    name="cloud_init",
    patterns=(
        "{user-data,user_data,userdata,autoinstall}*",
        "*{user-data,user_data,userdata}.{yml,yaml,tpl,tftpl,txt,tmpl}",
        "*{cloud-init,cloud_init,cloudinit,cloud-config,cloud_config,cloudconfig}*",
        "*cloud-init*/*.{yml,yaml,cfg,tpl,tftpl,j2}",
        "*{user-data,user_data,userdata}*/*",
        "*.{cfg,tftpl,tpl}",
    ),
    words=(
        (b"cmd", b"write_files", b"units", b"-commands"),
        (b"cloud-config", b"runcmd", b"write_files", b"autoinstall"),
        *WORDS,
    ),
    extract=extract,
    specification="https://cloudinit.readthedocs.io/en/latest/reference/modules.html",
)
