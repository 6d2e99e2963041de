"""Named templates of a chart's helper files that an image may be made with.

Only names and bodies that speak of images are taken: every template of the chart is read with all of them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from planner.formats._chart_templates import ACTION
from planner.model.source import Text

_DEFINE = re.compile(r"-?\s*+define\s++[\"`](?P<name>[^\"`\n]++)[\"`]\s*+-?\Z")
_OPENS = re.compile(r"-?\s*+(?:if|with|range|block)\b")
_CLOSES = re.compile(r"-?\s*+end\b")
_NAME = re.compile(r"(?i)image|registry|repository|tag\Z|version\Z|digest")
_NEVER = re.compile(r"(?i)pull_?(?:secret|policy)|apiversion|kubeversion")
_BODY = re.compile(r"mages?\.image\"|imageRoot|\.(?:[iI]mages?|repository|registry|tag|digest)\b")
_INCLUDES = re.compile(r"\b(?:include|template)\s++[\"`](?P<name>[^\"`\n]++)[\"`]")
_REMARK = re.compile(r"\{\{-?\s*+/\*(?:[^*]++|\*(?!/))*+\*/")
_LONGEST = 1500  # characters without remarks; a longer body makes more than a reference
_LONGEST_FILE = 300_000
_MOST = 200  # of one file


def image_defines(text: str) -> dict[str, Text]:
    """Return `include "NAME"` and the body of each, without the white space around it."""
    bodies = dict(islice(_bodies(text), _MOST))
    waiting = [name for name, body in bodies.items() if _about_images(name, str(body))]
    taken = set(waiting)
    while waiting:  # and what they ask, whatever that is called
        asked = {match["name"] for match in _INCLUDES.finditer(str(bodies[waiting.pop()]))}
        waiting += sorted((asked & bodies.keys()) - taken)
        taken |= asked
    return {f'include "{name}"': body.strip() for name, body in bodies.items() if name in taken}


def _bodies(text: str) -> Iterator[tuple[str, Text]]:
    """Yield the named templates of a file that are short enough to make a reference."""
    name, start, depth = "", 0, 0
    for match in ACTION.finditer(text, 0, _LONGEST_FILE):
        body = match["body"]
        if not name:
            if define := _DEFINE.match(body):
                name, start, depth = define["name"], match.end(), 0
        elif _OPENS.match(body):
            depth += 1
        elif _CLOSES.match(body) and depth:
            depth -= 1
        elif _CLOSES.match(body):
            template = text[start : match.start()]
            if len(template) <= _LONGEST or len(_REMARK.sub("", template)) <= _LONGEST:
                yield name, Text.at(start, template)
            name = ""


def _about_images(name: str, template: str) -> bool:
    return not _NEVER.search(name) and bool(_NAME.search(name) or _BODY.search(template))
