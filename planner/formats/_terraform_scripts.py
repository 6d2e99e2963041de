"""Texts in Terraform that are files of their own: user data, commands of provisioners, written files."""

import posixpath
import re
from collections.abc import Iterator

from planner.formats import _scripts
from planner.formats._base import Embedded, Item
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Encoded, Result, alternatives, json_text, members, words
from planner.formats._shell_words import Word
from planner.formats._terraform_blocks import everywhere, fields
from planner.formats._terraform_images import texts
from planner.model.source import SourceFile

_SCRIPTS = (
    "user_data", "user_data_base64", "custom_data", "metadata_startup_script", "startup_script",
    "init_script", "shutdown_script",
)  # fmt: skip
_METADATA = ("user-data", "startup-script", "shutdown-script", "user_data")
_FILES = (
    ("filename", "content"),
    ("destination", "content"),
    ("key", "content"),
    ("file", "content"),
    ("name", "content"),
)
_WRITERS = re.compile(r"local_(?:sensitive_)?file\Z|.*_object\Z|.*repository_file\Z|.*_bucket_object\Z")
_CONFIG_MAPS = re.compile(r"kubernetes_(?:config_map|secret)(?:_v1)?(?:_data)?\Z")
_PART = frozenset({"part"})
_PROVISIONER = frozenset({"provisioner"})


def inside(type_: str, body: Body, scope: Scope, source: SourceFile) -> Iterator[Item]:
    """Yield what the texts of a resource hold."""
    for name in _SCRIPTS:
        for result in fields(body, name, scope):
            yield from _of_machine(result, source)
    for name in ("metadata", "launch_specification.user_data"):
        for result in fields(body, name, scope):
            for key, value in members(result):
                if key in _METADATA:
                    yield from _of_machine(value, source)
    for part, within in everywhere(body, scope, _PART):
        for result in fields(part, "content", within):
            yield from _of_machine(result, source)
    yield from _provisioned(body, scope, source)
    if _WRITERS.match(type_):
        yield from _written(body, scope)
    if _CONFIG_MAPS.match(type_):
        for result in fields(body, "data", scope):
            for key, value in members(result):
                yield from _file(value, key)


def _provisioned(body: Body, scope: Scope, source: SourceFile) -> Iterator[Item]:
    for block, within in everywhere(body, scope, _PROVISIONER):
        for name in ("command", "inline"):
            for result in fields(block, name, within):
                for word in words(result):
                    yield from _script(word, source)
        yield from _written(block, within)


def _of_machine(result: Result, source: SourceFile) -> Iterator[Item]:
    """Yield what a machine runs when it starts: a script, or a configuration for cloud-init."""
    for each in alternatives(result):
        if isinstance(each, Encoded):
            yield Embedded(json_text(each.value), "user-data.yaml", ("cloud_init",))
        elif isinstance(each, Word):
            if str(each).lstrip().startswith("#cloud-config"):
                yield from (Embedded(text, formats=("cloud_init",)) for text in texts(each))
            else:
                yield from _script(each, source)


def _written(body: Body, scope: Scope) -> Iterator[Item]:
    """Yield a file that is written, as what its name says."""
    for name, content in _FILES:
        for place in fields(body, name, scope):
            for word in words(place):
                for result in fields(body, content, scope):
                    yield from _file(result, str(word))


def _file(result: Result, place: str) -> Iterator[Embedded]:
    name = posixpath.basename(place)
    for each in alternatives(result) if name else ():
        if isinstance(each, Encoded):
            yield Embedded(json_text(each.value), name)
        elif isinstance(each, Word):
            yield from (Embedded(text, name) for text in texts(each) if "\n" in str(text))


def _script(word: Word, source: SourceFile) -> Iterator[Item]:
    """Yield what a script names."""
    yield from _scripts.findings(word, source.path, {})
