"""Images in what a container is started with: arguments and variables.

`--sidecar-image=redis:7`, `--sidecar-image redis:7`, `RELATED_IMAGE_WEB`; `IMAGE_TAG` and such are none.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._image_fields import filled, is_image_key, plausible, versioned, written
from planner.formats._placeholders import templated
from planner.formats._whole_references import inside, whole
from planner.formats._yaml_nodes import Node, Scalar
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_FLAG = re.compile(r"--?(?P<name>[\w.-]*image)(?:=(?P<value>.*))?\Z", re.IGNORECASE | re.DOTALL)
_ANY_FLAG = re.compile(r"(?:--?[\w.-]++=(?:[\w.-]++=)?)?(?P<value>[^\s=]++)\Z")  # --images=web=a.b/web:1
_NO_IMAGE = re.compile(
    r"TAG|PULL|POLIC|VERSION|REGISTRY|REPO|SECRET|DIGEST|PATH|DIR|FILE|SIZE|TYPE|FORMAT|URL|HOST|ADDR|PORT"
    r"|SERVER|SERVICE|ENDPOINT|PROXY|BUCKET|STORE|STORAGE|PREFIX"
)


def in_arguments(items: list[Node]) -> Iterator[Candidate]:
    """Yield the values of flags whose names end in `image`, beside the flag or as the next argument."""
    for position, item in enumerate(items):
        if type(item) is not Scalar:
            continue
        flag = _FLAG.match(item.value) if "mage" in item.value.lower() else None
        if flag is None:
            yield from _whole(item)
            continue
        bare = flag["name"].lower() == "image"
        if flag["value"] is not None:
            value = item.text.cut(flag.start("value"), len(item.value))
            found = Candidate(value, Role.WORKLOAD, item.start, str(value), Confidence.HEURISTIC)
        else:
            following = filled(items[position + 1]) if position + 1 < len(items) else None
            if following is None or following.value.startswith("-"):
                continue
            found = written(following, Role.WORKLOAD, Confidence.HEURISTIC)
        if _known(found.spelled) and (templated(found.spelled) or plausible(found.spelled, bare=bare)):
            yield found


def _whole(item: Scalar) -> Iterator[Candidate]:
    """Yield a whole reference, alone or as the value of a flag of any name."""
    if "/" in item.value and (match := _ANY_FLAG.match(item.value)) and whole(match["value"]):
        value = item.text.cut(match.start("value"), len(item.value))
        yield Candidate(value, Role.WORKLOAD, item.start, str(value), Confidence.HEURISTIC)


def names_image(name: str) -> bool:
    """Whether a variable or a parameter of this name may hold an image."""
    return "IMAGE" in name or is_image_key(name)


def in_environment(key: str, name: str, value: Text, start: int) -> Iterator[Candidate]:
    """Yield an image that a `name` beside it tells, or a whole reference among variables of a container."""
    if holds_variables(key) and whole(str(value)):
        yield Candidate(value, Role.WORKLOAD, start, str(value), Confidence.HEURISTIC)
    else:
        yield from in_variable(name, value, start)


def holds_variables(key: str) -> bool:
    """Whether what a field of this name lists are variables of a container: `env`, `extraEnv`."""
    return key[-3:].lower() == "env"


def in_variable(name: str, value: Text, start: int) -> Iterator[Candidate]:
    """Yield the value of an environment variable or a parameter that is named after an image."""
    text = str(value)
    if not names_image(name) or not _known(text):
        return
    if "IMAGES" in name:
        for each in inside(value):
            yield Candidate(each, Role.WORKLOAD, max(each.start, 0), str(each), Confidence.HEURISTIC)
        return
    if is_image_key(name) or name.startswith("RELATED_IMAGE_"):
        likely = "{{" in text or plausible(text, bare=False)
    else:
        likely = not _NO_IMAGE.search(name) and (
            "{{" in text or (versioned(text) and plausible(text, bare=False))
        )
    if likely:
        yield Candidate(value, Role.WORKLOAD, start, text, Confidence.HEURISTIC)


def _known(value: str) -> bool:
    """Whether no other variable of the container gives the value; that one is found by itself."""
    return "$(" not in value
