"""hub2ar merge: what many tasks wrote, as one: inventories of scans, or outcomes."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from planner.cli import _completing

if TYPE_CHECKING:
    from planner.model.outcome import Outcome

_WRITERS = "`hub2ar scan --output-format json` writes an inventory, `hub2ar apply` outcomes"

Contents = Iterable[tuple[str, bytes]]


@click.command("merge", short_help="Join the inventories or the outcomes of several tasks.")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...", shell_complete=_completing.files)
def command(documents: tuple[str, ...]) -> int:
    """Join what several tasks wrote: the inventories of a sharded scan, or the outcomes of a sharded apply.

    DOCUMENT is a file, a database, a URL such as gs://BUCKET/FOLDER, or - for standard input. What one
    inventory builds is an output in all. Of outcomes, the last word on each action is kept: what was done
    stays done, and among equals the latest counts.

    \b
    Examples:
      hub2ar merge part-*.json > inventory.json
      hub2ar merge outcomes-*.jsonl > outcomes.jsonl
      hub2ar merge gs://acme-moves/outcomes > outcomes.jsonl
      gcloud storage cat 'gs://bucket/*.json' | hub2ar merge - > all.json
    """
    from planner import errors
    from planner.recording.reading import is_outcomes

    read = [(name, content) for name, content in _contents(documents) if content.strip()]
    records = [name for name, content in read if is_outcomes(content)]
    if len(records) == len(read):
        return _outcomes(read)
    if records:
        raise errors.ConfigError(
            f"{records[0]} has outcomes, and others are inventories", hint="merge those and these apart"
        )
    return _inventories(read)


def _contents(documents: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    from planner.cli import _inputs
    from planner.recording.reading import contents

    for name in documents:
        if name == "-":
            yield "standard input", _inputs.filled(name, _WRITERS)
        else:
            yield from contents(name)


def _outcomes(read: Contents) -> int:
    from planner.cli import _lines, _text
    from planner.model.document import encode_line
    from planner.recording.joined import joined
    from planner.recording.reading import outcomes

    found: list[Outcome] = []
    for name, content in read:
        some, notes = outcomes(content, name)
        _lines.remark(f"note: {each}" for each in notes)
        found += some
    last = joined(found)
    click.echo(b"".join(encode_line(each) + b"\n" for each in last), nl=False)
    _lines.remark([_text.outcomes_summary(last)])
    return 0


def _inventories(read: Contents) -> int:
    from planner.cli import _lines, _text
    from planner.model.document import decode_many, encoded
    from planner.model.inventory import Inventory
    from planner.repositories import merged

    documents = (decode_many(content, Inventory, name) for name, content in read)
    inventory = merged(each for some in documents for each in some)
    for piece in encoded(inventory):
        click.echo(piece, nl=False)
    _lines.remark([_text.scan_summary(inventory)])
    return 0
