"""Nomad jobs that are not quite HCL: templates (`[[ … ]]` of Nomad Pack and Levant), and quoted names.

Of actions, what stands alone on its line becomes white space, what gives a value a name; of two branches on
a line each is read in turn. `env { "A" = 1 }`, which Nomad still takes, loses its quotes. Every place stays
true.
https://developer.hashicorp.com/nomad/tools/nomad-pack/create-packs
"""

import re

from planner.formats._base import Given
from planner.formats._hcl import Hcl, parse
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.model.source import SourceFile, Text

PACK = "pack."  # before the names of a pack's variables
_MISSING = "{action} is filled in when the pack is rendered: set it among the pack's variables"
_VARIABLE = re.compile(
    r"\[\[-?[ \t]*+(?:var[ \t]++\"(?P<name>[\w.-]++)\"[ \t]++\.|\.\w++\.(?P<old>[\w.]++))"
    r"(?:[ \t]*+\|[ \t]*+(?:quote|squote|toString|trim))*+[ \t]*+-?\]\]"
)
_PRINTF = re.compile(
    r"\[\[-?[ \t]*+printf[ \t]++\"(?P<format>(?:[^\"\\]|\\.)*+)\"(?P<arguments>[^\[\]]*+)\]\]"
)
_ARGUMENT = re.compile(r"\bvar[ \t]++\"([\w.-]++)\"")
_VERB = re.compile(r"%[sdv]|\\\"")  # and the quotes that make a text of it
_COMMA = re.compile(  # between the items of a loop
    r"\[\[-?[ \t]*+if\b[^\[\]\n]*+\]\][ \t]*+,[ \t]*+\[\[-?[ \t]*+end[ \t]*+-?\]\]"
)
_SECOND = re.compile(r"\[\[-?[ \t]*+else\b[^\n]{0,300}?\[\[-?[ \t]*+end[ \t]*+-?\]\]")
_FIRST = re.compile(r"\[\[-?[ \t]*+if\b[^\[\]\n]*+\]\][^\n]{0,300}?(?=\[\[-?[ \t]*+else\b)")
ACTION = re.compile(r"\[\[(?:[^\[\]\n]|\](?!\]))*+\]\]")
_ALONE = re.compile(r"(?m)^[ \t]*+\[\[(?:[^\[\]\n]|\](?!\]))*+\]\][ \t]*+$")
_CONTROL = re.compile(r"\[\[-?[ \t]*+(?:if|else|end|range|with|define|block|template|/\*|\$\w+[ \t]*+:?=)")
_TEMPLATE = re.compile(r"\[\[-?[ \t]*+template\b")
_QUOTED_NAME = re.compile(r'(?m)(?<=[\n{;])[ \t]*+"[A-Za-z_][\w.-]*+"(?=[ \t]*+=[^=])')
_VISIBLE = re.compile(r"[^\n]")


def read(source: SourceFile) -> list[Hcl]:
    """Read a file as HCL, with what is none covered where there is such: once for each branch of lines."""
    parsed = parse(source)
    if not parsed.problems:
        return [parsed]
    found = []
    for branch in (_SECOND, _FIRST) if _SECOND.search(source.text) else (_SECOND,):
        text = _COMMA.sub(_blank, _ALONE.sub(_blank, source.text))
        text = _QUOTED_NAME.sub(_bare, ACTION.sub(_stand_in, branch.sub(_blank, text)))
        if text != source.text:
            found.append(parse(source, text))
    return [each for each in found if len(each.problems) <= len(parsed.problems)] or [parsed]


def rendered(text: Text, given: Given) -> Word:
    """Return a text with the variables of its pack filled in."""

    def piece(written: Text, match: "re.Match[str]") -> Piece:
        variable = _VARIABLE.fullmatch(match[0])
        name = (variable["name"] or variable["old"]) if variable else ""
        if name and (value := given.get(PACK + name)):
            return Piece(written, (named(name, Value(value)),), name)
        if found := _printed(written, given):
            return Piece(written, (found,), match[0])
        return Piece.unknown(written, name, _MISSING.format(action=match[0]))

    return expand(text, ACTION, piece)


def _printed(written: Text, given: Given) -> Value | None:
    """Return what `printf` puts together of texts and variables that are known."""
    match = _PRINTF.fullmatch(str(written))
    if match is None:
        return None
    names = _ARGUMENT.findall(match["arguments"])
    pieces: list[Text] = []
    trail: list[str] = []
    done = match.start("format")
    for verb in _VERB.finditer(str(written), *match.span("format")):
        pieces.append(written.cut(done, verb.start()))
        done = verb.end()
        if verb[0].startswith("%"):
            value = given.get(PACK + names[0]) if names else None
            if value is None:
                return None
            pieces.append(value)
            trail += named(names.pop(0), Value(value)).trail
    return Value(Text.join((*pieces, written.cut(done, match.end("format")))), tuple(trail))


def _blank(match: "re.Match[str]") -> str:
    return _VISIBLE.sub(" ", match[0])


def _stand_in(match: "re.Match[str]") -> str:
    if _CONTROL.match(match[0]) and not (_TEMPLATE.match(match[0]) and _is_value(match)):
        return _blank(match)
    return "x" * len(match[0])


def _is_value(match: "re.Match[str]") -> bool:
    """Whether what a template gives stands where a value does."""
    begin = match.string.rfind("\n", 0, match.start()) + 1
    return match.string[begin : match.start()].rstrip().endswith(("=", "[", ","))


def _bare(match: "re.Match[str]") -> str:
    return match[0].replace('"', " ").replace(".", "_")
