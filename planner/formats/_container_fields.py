"""Containers in code that describes infrastructure: objects with `image`, in a place where containers stand.

The same field names other things elsewhere: disks of machines, pictures.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._code import Argument, Group, is_literal
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.model.inventory import Confidence, Role

_CONTAINER = re.compile(
    r"(?:^|[a-z._]|\b)(?:(?:[Cc]ontainers?|CONTAINERS?)(?:[Aa]rgs|[Aa]rray|[Ss]pec|[Pp]rops|[Dd]efinitions?"
    r"|[Oo]ptions|[Pp]roperties|_definitions|_args|[Tt]emplate)*|[Ss]idecars?)\Z"
)
_MACHINES = re.compile(
    r"(?i)(?:instance|droplet|server|machine|disk|initialize_?params|vm|node_?config)\w*\Z"
)
_BESIDE = frozenset(
    {"ports", "replicas", "command", "args", "env", "containerport", "imagepullpolicy", "entrypoint",
     "volumemounts"}
)  # fmt: skip
_NEAR = 4  # groups above one that say what it is
_IMAGE = ("image", "Image")


def images(file: CodeFile) -> Iterator[Candidate]:
    """Yield the images of the containers that a file describes."""
    for group in file.groups:
        if group.bracket in "{(" and (argument := group.keyword(*_IMAGE)) is not None:
            if _is_container(file, group):
                yield from literal(file, argument)
            elif not _about_machines(group) and any(above.bracket == "(" for above in file.above(group)):
                yield from file.images(argument, Role.WORKLOAD, Confidence.HEURISTIC)
        elif group.bracket == "{" and group.key in _IMAGE:
            yield from _in_parts(file, group)


def literal(file: CodeFile, argument: Argument, role: Role = Role.WORKLOAD) -> Iterator[Candidate]:
    """Yield what an argument names; what a call or a name gives is an image that is made elsewhere."""
    if is_literal(argument.tokens, outside=True) or file.word(argument.tokens).known:
        yield from file.images(argument, role)


def _is_container(file: CodeFile, group: Group) -> bool:
    for place, each in zip(range(_NEAR), (group, *file.above(group)), strict=False):
        if _about_machines(each):
            return False
        if not place and any(
            argument.name.lower().replace("_", "") in _BESIDE for argument in each.arguments
        ):
            return True
        if any(_CONTAINER.search(text) for text in (each.key, each.method) if text):
            return True
        if place and each.bracket == "(" and each.name:
            break  # the arguments of another call
    return False


def _about_machines(group: Group) -> bool:
    return any(_MACHINES.search(text) for text in (group.key, group.method) if text)


def _in_parts(file: CodeFile, group: Group) -> Iterator[Candidate]:
    """Read `image: { repository: "x", tag: "1" }` of the values of a chart."""
    name = group.keyword("repository")
    tag = group.keyword("tag")
    registry = group.keyword("registry")
    if name is None or tag is None or registry is not None:
        return
    if is_literal(name.tokens) and is_literal(tag.tokens):
        yield from file.named(
            tagged(file.word(name.tokens), file.word(tag.tokens)), name.tokens, Role.WORKLOAD
        )
