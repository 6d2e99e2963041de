"""Images in files of AWS: placeholders that a deployment fills in, and names that no registry has.

CodePipeline replaces `<IMAGE1_NAME>` in a task definition before it is registered.
https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-ecs-ecr-codedeploy.html
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import NOTHING, Candidate
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Role

_PLACEHOLDER = re.compile(r"<[^<>]*>|%\w+%|__\w+__|\A[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_CURATED = re.compile(r"aws/codebuild/")


def images(nodes: Node | None, path: str, role: Role) -> Iterator[Candidate]:
    """Yield the image at `path`, a placeholder with what is to be done about it."""
    for scalar in scalars_at(nodes, path):
        yield filled_in(scalar, role)


def filled_in(scalar: Scalar, role: Role) -> Candidate:
    """Return what a value names, or that it is filled in later."""
    found = settled(Candidate.of(scalar.text.strip(), role), NOTHING)
    missing = None if found.problem else _PLACEHOLDER.search(str(found.value))
    if missing:
        return replace(found, problem=f"{missing[0]} is filled in when it is deployed")
    return found


def is_curated(name: str) -> bool:
    """Whether this is an image that only CodeBuild has: `aws/codebuild/standard:7.0`."""
    return _CURATED.match(name) is not None


def below(node: Node, key: str) -> Iterator[Node]:
    """Yield what stands under `key` anywhere, each distinct node once, in the order of the text."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is Mapping:
            if (found := node.own.get(key)) is not None:
                yield found
            waiting.extend(value for _, value in reversed(node.pairs) if type(value) is not Scalar)
        elif type(node) is Sequence:
            waiting.extend(item for item in reversed(node.items) if type(item) is not Scalar)
