"""The formats there are, and which of them may own a file, going by its name.

Importing a hundred formats takes longer than scanning a small tree. So what has to be known of all of them is
kept on a card each, and a format is imported when a file has its words.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path

import msgspec

from planner import discover
from planner.errors import ConfigError, nearest
from planner.formats._base import Format
from planner.scanning.globs import Index
from planner.scanning.sieve import Sieve
from planner.scanning.words import Words
from planner.sources.cache import code_version, directory

_PACKAGE = "planner.formats"
_KEPT = "formats-"  # what the file of the cards is called, before the version of the code
_VERSIONS = 4  # of the code, whose cards are kept: several may be in use at once
_CHANGES = (".patch", ".diff", ".rej")
# what a template is called after what it makes: `compose.yml.ejs`; of the first, every format reads some
_OF_MANY = r"ejs|eta|hbs|handlebars|mustache|njk|liquid|tt|dist|example|sample|stub"
_TEMPLATE = re.compile(
    rf"(?<=\.yml|json|yaml|toml)\.(?:(?P<many>{_OF_MANY})|erb|tmpl|tpl|gotmpl|template|j2|jinja2?|in)\Z"
)
_MODULE = re.compile(r"/(?:vendor/[\w-]+(?:\.[\w-]+)+|node_modules)/")  # of Go: a folder for each host


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What has to be known of a format before it is needed; see `Format`."""

    name: str
    patterns: tuple[str, ...]
    words: tuple[tuple[bytes, ...], ...]
    by_content: bool
    general: bool
    fallback: bool
    own_code: bool
    last: bool
    builds: bool

    def wanted(self, content: bytes) -> bool:
        """Whether a file holds the words that it must hold before it is parsed."""
        return all(any(word in content for word in group) for group in self.words)


def formats() -> tuple[Format, ...]:
    """Return every format there is, by name."""
    return tuple(_load(name) for name in discover.names(_PACKAGE))


def cards(names: Collection[str]) -> tuple[Card, ...]:
    """Return the cards of formats, by name: as they were kept, else from the formats themselves."""
    file = directory() / f"{_KEPT}{code_version()}.msgpack"
    with suppress(OSError, msgspec.MsgspecError):  # there is none, or it is damaged
        kept = msgspec.msgpack.decode(file.read_bytes(), type=tuple[Card, ...])
        return tuple(card for card in kept if card.name in names)
    found = tuple(map(_card, names))
    if len(found) == len(discover.names(_PACKAGE)):
        _keep(file, found)
    return found


def _card(name: str) -> Card:
    each = _load(name)
    return Card(
        name,
        each.patterns,
        each.words,
        each.by_content,
        each.general,
        each.fallback,
        each.own_code,
        each.last,
        each.builds,
    )


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> "Catalog":
    """Return the formats to read: the selected (all if none is), less the ignored. Raises ConfigError."""
    names = discover.names(_PACKAGE)
    selected, ignored = tuple(select), tuple(ignore)
    for name in (*selected, *ignored):
        if name not in names:
            near = nearest(name, names)
            raise ConfigError(f"there is no format {name!r}", hint=near or "`hub2ar formats` lists them")
    wanted = tuple(name for name in names if name in (selected or names) and name not in ignored)
    return _catalog(wanted)


@lru_cache(maxsize=4)
def _catalog(names: tuple[str, ...]) -> "Catalog":
    """Return one catalog for the life of the process: making it costs more than scanning a small tree."""
    return Catalog(cards(names))


class Catalog:
    """Formats, found by the names of files, and imported when they are asked for."""

    def __init__(self, found: tuple[Card, ...]) -> None:
        self.cards: Mapping[str, Card] = {card.name: card for card in found}
        self._formats: dict[str, Format] = {}
        self._sieves: dict[tuple[str, ...], Sieve] = {}
        self._of_others: dict[tuple[tuple[str, ...], bool], tuple[str, ...]] = {}

    def format(self, name: str) -> Format:
        """Return one of the formats."""
        found = self._formats.get(name)  # it is asked for with every file
        if found is None:
            found = self._formats[name] = _load(name)
        return found

    def description(self, name: str) -> str:
        """Return what one of the formats reads, as its documentation begins: `The images of services`."""
        first = (import_module(f"{_PACKAGE}.{name}").__doc__ or "").strip().partition("\n")[0].rstrip(".")
        said = first.partition(": ")[2] or first
        return said[:1].upper() + said[1:]

    @cached_property
    def general(self) -> frozenset[str]:
        """The names of the formats that give way to others."""
        return frozenset(card.name for card in self.cards.values() if card.general)

    @cached_property
    def _fallback(self) -> frozenset[str]:
        return frozenset(card.name for card in self.cards.values() if card.fallback)

    @cached_property
    def whole(self) -> "Catalog":
        """These formats and, if one of them reads what no other knows, all others."""
        return chosen() if self._fallback else self

    @cached_property
    def silent(self) -> frozenset[str]:
        """The names of formats that are not selected, but read so that what is theirs is left out."""
        return frozenset(self.whole.cards.keys() - self.cards.keys())

    @cached_property
    def last(self) -> frozenset[str]:
        """The names of the formats that take values from others and give none."""
        return frozenset(card.name for card in self.cards.values() if card.last)

    @cached_property
    def _words(self) -> Words:
        return Words(word for card in self.cards.values() for group in card.words for word in group)

    @cached_property
    def _index(self) -> Index:
        return Index((card.name, card.patterns) for card in self.cards.values())

    def claims(self, full: str) -> tuple[str, ...]:
        """Return the names of the formats that a path, with the folders above it, may belong to.

        `compose.yml.patch` is none of them: what it takes away is pulled by nobody any more.
        """
        if full.endswith(_CHANGES):
            return ()
        found = self._index.claims(full)
        if template := _TEMPLATE.search(full):
            found = self._of_template(found, full[: template.start()], of_many=template["many"] is not None)
        if found and ("/vendor/" in full or "/node_modules/" in full):
            return self._vendored(found, module=_MODULE.search(full) is not None)
        return found

    def _of_template(self, found: tuple[str, ...], made: str, *, of_many: bool) -> tuple[str, ...]:
        """Return what reads a template, given what claims its name and what it makes."""
        cards = (self.cards[name] for name in self._index.claims(made))
        more = {each.name for each in cards if each.builds or (of_many and not each.own_code)}
        return tuple(sorted(more.union(found))) if more else found

    def named_for(self, path: str, name: str) -> str:
        """Return a path as a format knows it: a template by what it makes, if it reads no templates."""
        template = _TEMPLATE.search(path)
        if template is None or name in self._index.claims(path):
            return path
        return path[: template.start()]

    def readers(self, full: str) -> tuple[str, ...]:
        """Return the names of the formats that have to read a path: what claims it, the silent among them."""
        found = self.claims(full)
        return self.whole.claims(full) if self.silent and not self._fallback.isdisjoint(found) else found

    def _vendored(self, claims: tuple[str, ...], *, module: bool) -> tuple[str, ...]:
        """Return those of the formats that read files which others have written, or built."""
        known = self._of_others.get((claims, module))
        if known is None:
            cards = (self.cards[name] for name in claims)
            left = tuple(each.name for each in cards if not each.own_code and not (module and each.builds))
            known = self._of_others[claims, module] = left
        return known

    def wanted(self, claims: tuple[str, ...], content: bytes) -> list[str]:
        """Return those of the formats whose words are in a file."""
        words = self._words
        sieve = self._sieves.get(claims)
        if sieve is None:
            sieve = self._sieves[claims] = Sieve.of((self.cards[name] for name in claims), words.bits)
        return sieve.passed(words.held(content))

    def named(self, full: str) -> AbstractSet[str]:
        """Return those of them that claim it for more than a name without a dot, which programs have too."""
        return self._index.named(full)


def _load(name: str) -> Format:
    return discover.load(_PACKAGE, name, Format, "FORMAT")


def _keep(file: Path, found: tuple[Card, ...]) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(msgspec.msgpack.encode(found))
        part.replace(file)
        kept = sorted(file.parent.glob(f"{_KEPT}*.msgpack"), key=lambda each: each.stat().st_mtime)
        for old in kept[:-_VERSIONS]:
            old.unlink(missing_ok=True)
    except OSError:
        pass  # a place that cannot be written costs a third of a second each time
    finally:
        with suppress(OSError):  # it is there only where something went wrong
            part.unlink()
