"""Digests that stand in for others: what code pins cannot be made here, so other images take its place.

A digest is as long as any other, so documents can be turned into those of the rehearsal and back: the places
of everything they say stay what they are. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from planner.model.availability import Availabilities
from planner.model.document import decode, decode_lines, encode, encode_line
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan, key
from planner.model.reference import Reference
from planner.rehearsal.filling import image_of
from planner.rehearsal.images import Image

D = TypeVar("D", Inventory, Availabilities, Plan)

_HEXADECIMAL = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_ALGORITHM = "sha256:"
_SHORT = 12  # digits of a digest that name its stand-in


@dataclass(frozen=True, slots=True)
class StandIns:
    """Which digest takes the place of which, and the images that have them, by reference."""

    digests: Mapping[str, str]
    images: Mapping[Reference, Image]

    @property
    def back(self) -> Mapping[str, str]:
        """Which digest each of them takes the place of."""
        return {new: old for old, new in self.digests.items()}


def stand_ins(wanted: Iterable[tuple[Reference, str]], seed: int) -> StandIns:
    """Return a stand-in for every digest; each comes with a reference of the upstream that has it.

    A digest beside a tag is what the tag names, the first of several; any other has an image of its own.
    """
    made: dict[str, Image] = {}  # by the digest that it stands in for
    named: dict[Reference, str] = {}  # what tags name
    images: dict[Reference, Image] = {}
    for reference, digest in sorted(set(wanted), key=lambda each: (each[0].digest is not None, each)):
        if not digest.startswith(_ALGORITHM):
            continue  # nothing made here has another kind, so nobody has the image
        tag = reference.with_version(reference.tag, None)
        own = reference.tag is not None and named.setdefault(tag, digest) == digest
        if digest not in made:
            made[digest] = image_of(tag if own else _unheard_of(reference, digest), seed)
        if own:
            images[tag] = made[digest]
        images[reference.with_version(None, made[digest].digest)] = made[digest]
    return StandIns({digest: image.digest for digest, image in made.items()}, images)


def _unheard_of(reference: Reference, digest: str) -> Reference:
    """Return a tag that nobody names."""
    return reference.with_version(f"pinned-{digest.partition(':')[2][:_SHORT]}", None)


def exchanged(document: D, digests: Mapping[str, str]) -> D:
    """Return a document in which other digests stand."""
    if not digests:
        return document
    return decode(_exchange(encode(document), digests), type(document), "a document of this rehearsal")


def exchanged_plan(plan: Plan, digests: Mapping[str, str]) -> tuple[Plan, dict[str, str]]:
    """Return a plan in which other digests stand, and the new key of each action by its old one."""
    found = exchanged(plan, digests)
    keys = {key(old): key(new) for old, new in zip(plan.actions, found.actions, strict=True)}
    waves = tuple(
        replace(wave, keys=tuple(keys.get(each, each) for each in wave.keys)) for wave in plan.waves
    )
    return replace(found, waves=waves), keys


def exchanged_outcome(outcome: Outcome, digests: Mapping[str, str], keys: Mapping[str, str]) -> Outcome:
    """Return an outcome in which other digests stand, under the key that its action has by now."""
    said = _exchange(encode_line(outcome), digests)
    found = decode_lines(said, Outcome, "an outcome of this rehearsal")[0]
    return replace(found, key=keys.get(found.key, found.key))


def _exchange(content: bytes, digests: Mapping[str, str]) -> bytes:
    table = {_digits(old): _digits(new) for old, new in digests.items()}
    return _HEXADECIMAL.sub(lambda match: table.get(match[0], match[0]), content)


def _digits(digest: str) -> bytes:
    return digest.partition(":")[2].encode()
