"""Write what stands in the documents, as their schemas have it, into a file: .ci/documents.py FILE.

What a field means is what the comment beside it says.
"""

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import planner.model
from planner.model.document import DOCUMENTS, LINES, schemas

Schema = Mapping[str, Any]  # Any: JSON Schema has no narrower type
HEAD = """# Documents

Written by `make docs` from the code.

Each step of a migration is a value, and can be written as JSON: read by people, compared, kept, or handed to
another machine. A document says what it is (`"kind": "Plan"`) and in which version (`"hub2ar": 1`); a field
that is not known is an error with its path, such as `$.actions[3].digest`. The commands that list things
write JSON lines as well (`--output-format jsonl`), one value a line. The schemas are files of their own, in
`docs/schema`.

A field without a mark is always there; one with `?` may be left out, and is then what its type calls nothing.
A reference is a text: `docker.io/library/nginx:1.27`. A moment is a text of RFC 3339 with its offset.
"""
_CLASS = re.compile(r"^class (\w+)\([^\n]*\):\n((?:    [^\n]*\n|\n)*)", re.MULTILINE)
_COMMENT = re.compile(r"^    (\w+): [^\n]*?  # ([^\n]*)$", re.MULTILINE)
WRITTEN_BY = {
    "Inventory": "`scan`, `merge`",
    "Availabilities": "`check`",
    "Stabilities": "`check --history`",
    "Plan": "`plan`",
    "Diagnosis": "`doctor`",
    "Outcome": "`apply`, `verify`, `copy`: JSON lines",
}


def document() -> str:
    """Return the page: every document, and below it what it is made of that was not told before."""
    told: set[str] = set()
    return HEAD + "".join(part for kind in (*DOCUMENTS, *LINES) for part in _sections(kind.__name__, told))


def _sections(kind: str, told: set[str]) -> Iterator[str]:
    schema = json.loads(schemas()[f"{kind.lower()}.json"])
    new = {name: part for name, part in schema["$defs"].items() if name not in told}
    if kind not in new:
        return
    told |= set(new)
    file = f"{kind.lower()}.json"
    by = f" Written by {WRITTEN_BY[kind]}." if kind in WRITTEN_BY else ""
    head = f"\n## {kind}\n\n{_said(new.pop(kind), by)} Its schema is [{file}](schema/{file}).\n\n"
    yield head + _fields(kind, schema["$defs"][kind])
    for name, part in new.items():
        if "properties" in part:
            yield f"\n### {name}\n\n{_said(part, '')}\n\n{_fields(name, part)}"
        else:
            values = ", ".join(f"`{each}`" for each in part.get("enum", ()))
            yield f"\n### {name}\n\n{_said(part, '')} One of {values}.\n"


def _said(part: Schema, more: str) -> str:
    paragraphs = str(part.get("description", "")).split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs).replace("<", "\\<") + more


def _fields(kind: str, part: Schema) -> str:
    wanted, comments = (*part.get("required", ()), "kind"), COMMENTS.get(kind, {})
    rows = (
        f"| `{name}`{'' if name in wanted else ' ?'} | {_type(field)} | {comments.get(name, '')} |"
        for name, field in part["properties"].items()
    )
    return "| field | type | meaning |\n|---|---|---|\n" + "".join(f"{row}\n" for row in rows).replace(
        "  |", " |"
    )


def _comments() -> dict[str, dict[str, str]]:
    """Return the comments beside the fields of every value of the model, by kind and field."""
    found: dict[str, dict[str, str]] = {}
    for module in pkgutil.iter_modules(planner.model.__path__, "planner.model."):
        source = inspect.getsource(importlib.import_module(module.name))
        for kind, body in _CLASS.findall(source):
            found[kind] = {
                name: said.replace("|", "\\|").replace("<", "\\<") for name, said in _COMMENT.findall(body)
            }
    return found


def _type(field: Schema) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return ", or ".join(map(_type, field["anyOf"]))
    if "enum" in field:
        return " or ".join(f"`{each}`" for each in field["enum"])
    match field.get("type"):
        case "array":
            items = field.get("items") or {}
            return f"list of {_type(items)}" if items else "list"
        case "object":
            return f"by text: {_type(field.get('additionalProperties') or {})}"
        case "null":
            return "null"
        case kind:
            known = {"string": "text", "integer": "number", "boolean": "true or false"}
            text = known.get(str(kind), str(kind or "any"))
            reference = "image reference" in str(field.get("description", ""))
            moment = field.get("format") == "date-time"
            return "reference" if reference else "moment" if moment else text


COMMENTS = _comments()

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
