"""Where a file stands in a tree of Ansible, and so for which files its variables are."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

_VARIABLES = re.compile(
    r"(?:\A|(?<=/))(?P<kind>defaults|vars|group_vars|host_vars)/(?P<name>.+)\.(?:ya?ml|json)\Z"
)
_NO_ENDING = re.compile(  # none is needed; the name of a host has dots, and may be taken for an ending
    r"(?:\A|(?<=/))(?P<kind>(?:defaults|vars)(?=/main\Z)|group_vars|host_vars)/"
    r"(?P<name>(?:[^/]+/)*(?:[^/.]+|(?<=host_vars/)[^/]+\.(?!md\Z|txt\Z|j2\Z|sh\Z|py\Z|bak\Z)[a-z0-9-]+))\Z"
)
_INVENTORY = re.compile(r"(?:\A|/)(?:inventor(?:y|ies)|environments?|inv)(?:/|\Z)")
_TASKS = re.compile(r"(?P<slash>\A|/)(?:tasks|handlers|pre_tasks|post_tasks)/(?:[^/]+/)*[^/]+\.ya?ml\Z")
_ROLE = re.compile(  # `targets` are those of ansible-test
    r"\A(?P<roles>(?:.*/)?(?:roles|tests/integration/targets))/[^/]+/(?:tasks|handlers|defaults|vars|meta)/"
)
KEYWORDS = (  # of tasks alone: beside one of them a command is that of a task
    "register", "delegate_to", "run_once", "become", "become_user", "changed_when", "failed_when",
    "ignore_errors", "no_log", "notify", "with_items", "loop_control",
)  # fmt: skip
_META = re.compile(r"\A(?P<role>(?:.*/)?[^/]+)/meta/main\.ya?ml\Z")
_ALWAYS = re.compile(r"(?:main|all)(?:\Z|/)")


class Variables(NamedTuple):
    """What a file of variables is."""

    target: str  # the files they are for
    tier: str  # see `_ansible_variables.TIERS`
    always: bool  # in every run, not only for a group, a host or a system


def variables(path: str) -> Variables | None:
    """Return for which files the variables in a file are, if it is one of variables."""
    match = _VARIABLES.search(path) or _NO_ENDING.search(path)
    if match is None:
        return None
    folder = path[: match.start()]
    kind, always = match["kind"], bool(_ALWAYS.match(match["name"]))
    if kind in ("group_vars", "host_vars"):
        inventory = _INVENTORY.search(folder)
        root = folder[: inventory.start()] if inventory else folder.rstrip("/")
        folder = f"{root}/" if root else ""
        return Variables(f"{folder}**", kind.removesuffix("_vars"), always and kind == "group_vars")
    return Variables(f"{folder}**", kind, always)


def role_of_meta(path: str) -> str:
    """Return the folder of the role that a file describes; empty where it describes none."""
    match = _META.match(path)
    return match["role"] if match else ""


def is_tasks(path: str) -> bool:
    """Whether the path alone tells that a file holds tasks."""
    return _TASKS.search(path) is not None


def templates_of(path: str) -> str:
    """Return where the templates lie of the role that a file of tasks is of; empty where it is of none."""
    match = _TASKS.search(path)
    return f"{path[: match.start()]}{match['slash']}templates/**" if match else ""


def roles(path: str, name: str) -> Iterator[str]:
    """Yield where the files of a role may lie that a file names."""
    name = name.rpartition(".")[2]
    if "{{" in name or "/" in name or not name:
        return
    if role := _ROLE.match(path):
        yield f"{role['roles']}/{name}/**"
        return
    folder = posixpath.dirname(path)
    for place in dict.fromkeys((folder, posixpath.dirname(folder))):
        yield posixpath.join(place, "roles", name, "**")


def beside(path: str, file: str) -> str:
    """Return the path of a file of tasks that is named in another one; empty where it cannot be told."""
    if "{{" in file or file.startswith(("/", "~")):
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    return "" if found.startswith("..") else found
