"""Nomad jobs that are not quite HCL: templates (`[[ … ]]` of Nomad Pack and Levant), and quoted names.

Of actions, what stands alone on its line becomes white space, what gives a value a name. `env { "A" = 1 }`,
which Nomad still takes, loses its quotes. Every place stays true.
https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs
"""

import re

from planner.formats._hcl import Hcl, parse
from planner.model.source import SourceFile

ACTION = re.compile(r"\[\[(?:[^\[\]\n]|\](?!\]))*+\]\]")
_ALONE = re.compile(r"(?m)^[ \t]*+\[\[(?:[^\[\]\n]|\](?!\]))*+\]\][ \t]*+$")
_CONTROL = re.compile(r"\[\[-?[ \t]*+(?:if|else|end|range|with|define|block|template|/\*|\$\w+[ \t]*+:?=)")
_QUOTED_NAME = re.compile(r'(?m)(?<=[\n{;])[ \t]*+"[A-Za-z_][\w.-]*+"(?=[ \t]*+=[^=])')
_VISIBLE = re.compile(r"[^\n]")


def read(source: SourceFile) -> Hcl:
    """Read a file as HCL, with what is none covered where there is such."""
    parsed = parse(source)
    if not parsed.problems:
        return parsed
    text = _QUOTED_NAME.sub(_bare, ACTION.sub(_stand_in, _ALONE.sub(_blank, source.text)))
    if text == source.text:
        return parsed
    covered = parse(source, text)
    return covered if len(covered.problems) <= len(parsed.problems) else parsed


def _blank(match: "re.Match[str]") -> str:
    return _VISIBLE.sub(" ", match[0])


def _stand_in(match: "re.Match[str]") -> str:
    return _blank(match) if _CONTROL.match(match[0]) else "x" * len(match[0])


def _bare(match: "re.Match[str]") -> str:
    return match[0].replace('"', " ").replace(".", "_")
