"""Nomad jobs that are templates (`[[ … ]]` of Nomad Pack and Levant): covered, so that the rest is HCL.

What stands alone on its line becomes white space, what gives a value a name; every place stays true.
https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs
"""

import re

from planner.formats._hcl import Hcl, parse
from planner.model.source import SourceFile

ACTION = re.compile(r"\[\[(?:[^\[\]\n]|\](?!\]))*+\]\]")
_ALONE = re.compile(r"(?m)^[ \t]*+\[\[(?:[^\[\]\n]|\](?!\]))*+\]\][ \t]*+$")
_CONTROL = re.compile(r"\[\[-?[ \t]*+(?:if|else|end|range|with|define|block|template|/\*|\$\w+[ \t]*+:?=)")
_VISIBLE = re.compile(r"[^\n]")


def read(source: SourceFile) -> Hcl:
    """Read a file as HCL, with the actions of a template covered where it is none without them."""
    parsed = parse(source)
    if not parsed.problems or not ACTION.search(source.text):
        return parsed
    covered = parse(source, ACTION.sub(_stand_in, _ALONE.sub(_blank, source.text)))
    return covered if len(covered.problems) <= len(parsed.problems) else parsed


def _blank(match: "re.Match[str]") -> str:
    return _VISIBLE.sub(" ", match[0])


def _stand_in(match: "re.Match[str]") -> str:
    return _blank(match) if _CONTROL.match(match[0]) else "x" * len(match[0])
