"""Commands for `cmd` and PowerShell, read as a shell reads them: `%X%` and `$env:X` stand for `${X}`."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Item
from planner.formats._ci_environment import Environment
from planner.formats._shell_words import Piece, expand
from planner.model.source import Text

_EXPANSION = re.compile(r"(?P<mark>%)?(?(mark)|\$env:)(?P<name>[A-Za-z_]\w*+)(?(mark)%)", re.IGNORECASE)
_BRACED = re.compile(r"\$\{\w+\}")


def run_foreign(scope: Environment, command: Text, folder: str = ".") -> Iterator[Item]:
    """Yield what a command names, told as it is written."""
    spelled: dict[str, str] = {}
    places: dict[int, int] = {}

    def piece(written: Text, match: re.Match[str]) -> Piece:
        lead = match.start("name") - match.start()
        name = written.cut(lead, lead + len(match["name"]))
        spelled[f"${{{name}}}"] = match[0]
        places[name.start] = written.start
        return Piece.literal(Text.join((Text.of("${"), name, Text.of("}"))))

    for item in scope.run(expand(command, _EXPANSION, piece).written, folder):
        if isinstance(item, Candidate):
            shown = _BRACED.sub(lambda match: spelled.get(match[0], match[0]), item.spelled)
            yield replace(item, start=places.get(item.start, item.start), spelled=shown)
        else:
            yield item
