"""Ansible variables: values of roles, groups and hosts for the tasks that images are named in.

A variable that is named after an image and holds one counts by itself: templates may use it, too. So do
`web_image_repo` and `web_image_tag` together. A role also has the variables of the roles that its
`meta/main.yml` says it depends on.
"""

import re
from collections.abc import Iterator

from planner.formats._ansible_dependencies import dependencies, for_dependents
from planner.formats._ansible_files import Variables, role_of_meta, variables
from planner.formats._ansible_variables import READERS, Layer, Scope, handed_on, layer, scope_of
from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._image_fields import is_name_key, plausible, versioned
from planner.formats._shell_words import Piece, Word
from planner.formats._yaml import Mapping, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_REPOSITORY = re.compile(r"(?P<stem>.*image)_repo(?:sitory)?\Z")
_ABOUT = re.compile(r"(?i)image|registry")  # in names of what groups and hosts have of their own
_VERSIONS = (("_tag", ":"), ("_version", ":"), ("_digest", "@"))


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the values that a file of variables hands on, and the images among them."""
    place = variables(source.path)
    role = "" if place else role_of_meta(source.path)
    for document in parse(source).documents if place or role else ():
        if type(document) is not Mapping:
            continue
        if role:
            yield from dependencies(document, role, source.path, given)
        if place:
            if not given:
                yield from _handed_on(place, layer(document))
            yield from _images(document, scope_of(given))


def _handed_on(place: Variables, values: Layer) -> Iterator[Binding]:
    """Yield the values for tasks and templates, and those of every host for the other files of variables."""
    others = (FORMAT.name,) if place.always and place.tier == "group" else ()
    for to in (*READERS, *others):
        binding = handed_on(place.target, place.tier, values, always=place.always, to=to)
        about = place.always or to != READERS[1] or any(_ABOUT.search(name) for name in values)
        if binding.variables and about:  # each set of values has every template read once more
            yield binding
    yield from for_dependents(place, values)


def _images(document: Mapping, scope: Scope) -> Iterator[Candidate]:
    own = layer(document)
    inner = scope.below(own)
    for name, texts in own.items():
        if repository := _REPOSITORY.match(name):
            yield from _in_two(texts[0], own, repository["stem"], inner)
        elif is_name_key(name.rpartition(".")[2]):
            for candidate in inner.word(texts[0]).candidates(Role.WORKLOAD, Confidence.HEURISTIC):
                found = str(candidate.value)
                if not candidate.problem and versioned(found) and plausible(found, bare=False):
                    yield candidate


def _in_two(name: Text, own: Layer, stem: str, scope: Scope) -> Iterator[Candidate]:
    """Yield the image whose version another variable has; unresolved where only that is not known."""
    mark, version = next(
        ((mark, own[stem + suffix][0]) for suffix, mark in _VERSIONS if stem + suffix in own), ("", None)
    )
    word = scope.word(name)
    if version is None or not plausible(str(word), bare=False) or not word.known:
        return
    whole = Word((*word.pieces, Piece.literal(Text.of(mark)), *scope.word(version).pieces))
    yield from whole.candidates(Role.WORKLOAD, Confidence.HEURISTIC)


FORMAT = Format(
    name="ansible_variables",
    patterns=(
        "{defaults,vars}/**/*.y{a,}ml",
        "{defaults,vars}/main",
        "{group_vars,host_vars}/**/*",
        "meta/main.y{a,}ml",
    ),
    words=((b":",),),
    extract=extract,
    specification="https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html",
)
