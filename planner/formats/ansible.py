"""Ansible: the images that tasks pull, run and build, in playbooks and roles.

Names are made of variables of the play, the role, a group or a host; their files hand them on to the tasks.
"""

import re
from collections.abc import Iterator

from planner.formats._ansible_files import KEYWORDS, is_tasks
from planner.formats._base import Format, Given, Item
from planner.model.source import SourceFile

_WORDS = (
    "hosts",
    "docker_",
    "podman_",
    "k8s",
    *KEYWORDS,
)  # a play has the first, a task that runs images another
_PLAIN = frozenset({"hosts", *KEYWORDS})  # that belong to no collection
_KEY = re.compile(r"\w{1,50}[ \t]{0,8}:")
_LEAD = re.compile(r"[ \t]{0,8}(?:- )?(?P<collection>(?:[\w.]{1,60}\.)?)\Z")
_LONGEST_LEAD = 80  # characters before a key
_LIST = re.compile(  # what a document begins with that is a list, or may be one
    r"(?:\A\ufeff?+|[\r\n](?:---|\.\.\.))(?:\s++|---(?=\s)|\#[^\r\n]*+)*+[-\[!&{%]"
)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the tasks of a playbook or a role name."""
    if is_tasks(source.path) or _looks_like(source.text):
        from planner.formats._ansible_plays import read  # takes 10 ms, and few trees have any

        yield from read(source, given)


def _looks_like(text: str) -> bool:
    """Whether some line may begin a play, or a task with a module that runs images, in a list of them."""
    begun = any(_begins(text, place, word) for word in _WORDS for place in _places(text, word))
    return begun and _LIST.search(text) is not None


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


def _begins(text: str, place: int, word: str) -> bool:
    if not _KEY.match(text, place):
        return False
    start = text.rfind("\n", max(place - _LONGEST_LEAD, 0), place) + 1
    lead = _LEAD.match(text, start, place) if start or place < _LONGEST_LEAD else None
    return lead is not None and not (lead["collection"] and word in _PLAIN)


FORMAT = Format(
    name="ansible",
    patterns=("*.y{a,}ml",),
    words=((b"docker", b"podman", b"mage", b"k8s", b"oci://"),),
    extract=extract,
    specification="https://docs.ansible.com/ansible/latest/collections/community/docker/docker_container_module.html",
)
