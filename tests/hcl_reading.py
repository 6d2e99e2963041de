"""Terraform files read back with a parser of HCL, and turned into what the Artifact Registry API is sent."""

import re
from typing import Any

import hcl2

_ESCAPE = re.compile(
    r'\\(?P<short>[nrt"\\])|\\u(?P<four>[0-9a-f]{4})|\\U(?P<eight>[0-9a-f]{8})|(?P<doubled>\$\$\{|%%\{)'
    r"|(?P<expression>\$\{[^}]*\})"
)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NO_CONTENT = ("__is_block__", "__comments__", "__inline_comments__")
_DURATION = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

Tree = Any  # whatever an HCL file says


def parsed(text: str) -> Tree:
    """Return blocks by kind and labels, texts as Terraform reads them, expressions as `${…}`."""
    return _plain(hcl2.loads(text))


def _plain(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {_text(key): _plain(value) for key, value in tree.items() if key not in _NO_CONTENT}
    if isinstance(tree, list):
        return [_plain(each) for each in tree]
    return _text(tree) if isinstance(tree, str) else tree


def _text(raw: str) -> str:
    if not raw.startswith('"'):
        return raw
    return _ESCAPE.sub(_character, raw[1:-1])


def _character(match: re.Match[str]) -> str:
    if match["doubled"]:
        return match["doubled"][1:]
    if match["expression"]:
        return match["expression"]
    if match["short"]:
        return _SHORT[match["short"]]
    return chr(int(match["four"] or match["eight"], 16))


def resources(tree: Tree, kind: str) -> dict[str, Tree]:
    """Return the resources of a kind by their label."""
    found: dict[str, Tree] = {}
    for block in tree.get("resource", []):
        for label, body in block.get(kind, {}).items():
            assert label not in found, f"{kind}.{label} is there twice"
            found[label] = body
    return found


def repositories(tree: Tree) -> dict[str, Tree]:
    """Return each repository by its resource name, as the API's JSON."""
    kind = "google_artifact_registry_repository"
    found = resources(tree, kind)
    names = {f"${{{kind}.{label}.id}}": _resource(body) for label, body in found.items()}
    return {_resource(body): _api(body, names) for body in found.values()}


def _resource(body: Tree) -> str:
    return f"projects/{body['project']}/locations/{body['location']}/repositories/{body['repository_id']}"


def _api(body: Tree, names: dict[str, str]) -> Tree:
    """Rename what Terraform calls otherwise: blocks are lists of one, except for policies."""
    rest = {
        key: value
        for key, value in body.items()
        if key not in ("project", "location", "repository_id", "depends_on", "labels", "cleanup_policies")
    }
    policies = {policy["id"]: _camel(policy, names) for policy in body.get("cleanup_policies", [])}
    said = _camel(rest, names) | {"labels": body["labels"]}
    return said | ({"cleanupPolicies": policies} if policies else {})


def _camel(tree: Tree, names: dict[str, str]) -> Tree:
    if isinstance(tree, dict):
        return {_name(key): _value(key, value, names) for key, value in tree.items()}
    return names.get(tree, tree) if isinstance(tree, str) else tree


def _name(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(map(str.capitalize, rest))


def _value(key: str, value: Tree, names: dict[str, str]) -> Tree:
    if key == "older_than":
        return f"{seconds(value)}s"
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        blocks = [_camel(each, names) for each in value]
        return blocks if key == "upstream_policies" else blocks[0]
    return _camel(value, names)


def seconds(duration: str) -> int:
    """Return what Terraform and the API mean by `30d` and `2592000s`."""
    match = _DURATION.fullmatch(duration)
    assert match, duration
    return int(match[1]) * _SECONDS[match[2]]
