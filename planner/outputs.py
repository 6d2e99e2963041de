"""What the findings of all files mean together: what is built anywhere is an output everywhere.

Pure: everything has been found, and what a single file does not show is decided by the others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TypeGuard

import msgspec
from msgspec import Struct

from planner.errors import InvalidReference
from planner.model.inventory import Confidence, Found, Occurrence, Output, Role, Unresolved
from planner.model.official import OFFICIAL
from planner.model.reference import Reference
from planner.model.source import CENTRAL, Part

_TAG = re.compile(r":[^:{}()/]*\Z")  # not the `:-` of `${X:-y}`
_BUILD = (Role.BASE, Role.FRONTEND, Role.COPY_FROM, Role.MOUNT)
_NAMES = (Part.NAME, Part.REPOSITORY)
_LEADING = (Part.REGISTRY, Part.REPOSITORY, Part.GIVEN)
_NOT_USED = (Role.OUTPUT, Role.DOCUMENTATION, Role.RULE)

_Place = tuple[str, int]  # file, offset


def settled(found: Iterable[Found]) -> Iterator[Found]:
    """Yield the findings of all files in order, each corrected by what the others show.

    Uses of names that are built become outputs; parts of names and guesses that others refute are left out.
    """
    return _with_rules(_with_outputs(_completed(tuple(found))))


def with_namesakes(item: Found, made: Mapping[str, tuple[str, ...]]) -> Found:
    """Return what was found in a file, with the files that build something of its name from that file."""
    if isinstance(item, Occurrence) and item.role in _BUILD and item.reference.name in made:
        return msgspec.structs.replace(item, namesakes=made[item.reference.name])
    return item


def _with_outputs(items: tuple[Found, ...]) -> Iterator[Found]:
    """Yield what was found, with every use of a name that this code builds turned into an output.

    So is a text that is not known and is written like the name of something built (`gcr.io/$PROJECT/a`).
    """
    texts = {(item.path, item.format, _name(item.text)) for item in items if isinstance(item, Output)}
    texts |= {("", form, name) for _, form, name in texts if "/" in name}  # else it says too little elsewhere
    made = {*_names(texts)}
    built = _Built.of(item for item in items if isinstance(item, Occurrence) and item.role is Role.OUTPUT)
    made |= built.names
    for item in items:
        if isinstance(item, Occurrence) and built.makes(item):
            yield msgspec.structs.replace(item, role=Role.OUTPUT)
        elif isinstance(item, Unresolved) and any(
            (path, item.format, _name(item.text)) in texts for path in (item.path, "")
        ):
            yield Output(item.path, item.line, item.format, item.text)
        elif isinstance(item, Unresolved) and item.reference and item.reference.name in made:
            yield msgspec.structs.replace(item, reference=None, fragments=())  # may be what is built here
        else:
            yield item


def _names(texts: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the full names that are built with a version which is known only at the build."""
    for _, _, text in texts:
        with suppress(InvalidReference):
            yield Reference.parse(text).name


class _Built(Struct, frozen=True):
    """What the tree builds, indexed by everything that another place may call it."""

    names: set[str]
    tagged: set[tuple[str, str]]  # name, tag
    here: set[tuple[str, str, str]]  # file, name, tag
    places: set[_Place]  # where the names are spelled
    builders: dict[str, set[str]]  # by name, the files that build or push it

    @classmethod
    def of(cls, outputs: Iterable[Occurrence]) -> "_Built":
        built = cls(set(), set(), set(), set(), {})
        for item in outputs:
            name, tag = _tagged(item.reference)
            built.names.add(name)
            built.tagged.add((name, tag))
            built.here.add((item.path, name, tag))
            built.places.update(_places(item))
            built.builders.setdefault(name, set()).add(item.path)
        return built

    def makes(self, item: Occurrence) -> bool:
        """Tell whether an occurrence is something that is built here.

        A bare name such as `nginx` may be a build of your own in one file and the official image in another.
        So names of official images are outputs elsewhere only with the same tag, and where something is built
        from them only if they have no tag, and the text that names the build, or its file, gives the name.
        Any other name without a namespace is nowhere but here.

        What is built under the very name of its base, and by nobody else, does not begin with itself.
        """
        reference = item.reference
        if item.role in _NOT_USED or reference.name not in self.names or reference.digest:
            return False
        if item.namesakes and self.builders[reference.name].issubset(item.namesakes):
            return False
        same = _tagged(reference) in self.tagged
        if item.role is Role.CACHE:  # a cache beside the tags that are built comes from the registry
            return same
        official = reference.upstream is not None and reference.repository in OFFICIAL
        if not official or (same and item.role not in _BUILD):
            return True
        return reference.tag is None and (not self.places.isdisjoint(_places(item)) or self._gives(item))

    def _gives(self, item: Occurrence) -> bool:
        """Tell whether what a Dockerfile builds on is given to it by a file that builds that very name."""
        givers = {each.path for each in item.fragments if each.path and each.part not in CENTRAL}
        return any((path, *_tagged(item.reference)) in self.here for path in givers)


def _completed(items: tuple[Found, ...]) -> tuple[Found, ...]:
    """Leave out a name where another file puts that very name together with a version or a registry.

    So `repository: nginx` beside `tag: ""` is not `nginx:latest` where the chart's template adds a version,
    and no image of Docker Hub where the template always sets a registry before it.
    """
    whole: dict[_Place, list[tuple[Reference, bool]]] = {}  # and whether something stands before it
    for item in items:
        if isinstance(item, Occurrence):
            for before, each in zip((None, *item.fragments), item.fragments, strict=False):
                if each.path and each.part in _NAMES:
                    led = each.part is Part.REPOSITORY and before is not None and before.part in _LEADING
                    whole.setdefault((each.path, each.start), []).append((item.reference, led))
    if not whole:
        return items
    return tuple(item for item in items if not (isinstance(item, Occurrence) and _is_part(item, whole)))


def _is_part(item: Occurrence, whole: Mapping[_Place, list[tuple[Reference, bool]]]) -> bool:
    if item.role in (Role.OUTPUT, Role.DOCUMENTATION):
        return False
    own = [each for each in item.fragments if not each.path]  # what takes its name from elsewhere is whole
    names = [each for each in own if each.part in _NAMES]
    used = [use for each in names for use in whole.get((item.path, each.start), ())]
    if not (item.reference.tag or item.reference.digest) and any(each.tag or each.digest for each, _ in used):
        return True
    pieces = [each for each in item.fragments if each.part not in (Part.TAG, Part.DIGEST)]
    bare = pieces == names and len(names) == 1 and not item.reference.name.startswith(names[0].text)
    return bool(used) and bare and item.reference.upstream is not None and all(led for _, led in used)


def _with_rules(found: Iterable[Found]) -> Iterator[Found]:
    """Yield what was found, without rules that may be about images but name none of the tree's.

    `nginx` in a rule for dependencies of every kind is a package, unless something here is an image of that
    name.
    """
    items = tuple(found)
    named = {item.reference.name for item in items if isinstance(item, Occurrence) and not _is_guess(item)}
    yield from (item for item in items if not _is_guess(item) or item.reference.name in named)


def _is_guess(item: Found) -> TypeGuard[Occurrence]:
    return isinstance(item, Occurrence) and item.role is Role.RULE and item.confidence is Confidence.HEURISTIC


def _places(item: Occurrence) -> Iterator[_Place]:
    """Yield where the name stands."""
    for each in item.fragments:
        if each.part in _NAMES:
            yield each.path or item.path, each.start


def _name(text: str) -> str:
    """Return a text that may be a reference without its tag."""
    folder, slash, last = text.rpartition("/")
    return f"{folder}{slash}{_TAG.sub('', last)}"


def _tagged(reference: Reference) -> tuple[str, str]:
    return reference.name, reference.tag or "latest"
