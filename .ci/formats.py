"""Write the table of formats, as the code has them, into a file: .ci/formats.py docs/formats.md.

Which format takes values from which other one is what the files of tests/corpus show.
"""

import sys
from collections import defaultdict
from pathlib import Path

from planner.formats._base import NOTHING, Binding
from planner.model.source import SourceFile
from planner.scanning.catalog import chosen

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
HEAD = """# Formats

Written by `make docs` from the code. `hub2ar formats` prints the same; [scanning.md](scanning.md) says how a
scan goes and what a finding says.

Patterns are matched against a file's name or, where they have a slash, against the end of its path; a file is
parsed when it also holds the words that its format needs. `*.` is every name without a dot. A format of the
last column gives values to this one, as Compose's `build.args` to the `ARG` of a Dockerfile, or values.yaml
to a template.

| format | what is read | files | takes values from |
|---|---|---|---|
"""


def givers() -> dict[str, set[str]]:
    """Return for each format the formats that give it values, as the corpus shows."""
    found: dict[str, set[str]] = defaultdict(set)
    catalog = chosen()
    for file in sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.suffix != ".references"):
        path = "/".join(file.relative_to(CORPUS).parts[2:])
        content = file.read_bytes()
        for name in catalog.claims(f"/{path}") if path else ():
            if catalog.cards[name].wanted(content):
                source = SourceFile(path, content.decode("utf-8", "surrogateescape"))
                items = catalog.format(name).extract(source, NOTHING)
                for item in items:
                    if isinstance(item, Binding) and item.variables:
                        found[item.format].add(name)
    return found


def table() -> str:
    """Return the document."""
    across = givers()
    rows = []
    catalog = chosen()
    for card in catalog.cards.values():
        files = " ".join(f"`{pattern}`" for pattern in card.patterns).replace("|", "\\|")
        others = ", ".join(sorted(across[card.name] - {card.name}))
        own = "other files of its kind" if card.name in across[card.name] else ""
        values = ", ".join(filter(None, (own, others)))
        link = f"[{card.name}]({catalog.format(card.name).specification})"
        rows.append(
            f"| {link} | {catalog.description(card.name)} | {files} | {values} |".replace("  |", " |")
        )
    return HEAD + "\n".join(rows) + f"\n\n{len(rows)} formats.\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(), encoding="utf-8")
