"""hub2ar show: any document, for people."""

import click


@click.command("show")
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Print a document that scan, check or plan wrote; - is standard input.

    \b
    Example:
      hub2ar show plan.json
    """
    from planner.cli import _inputs, _text
    from planner.model.document import DOCUMENTS, decode, kind_of
    from planner.model.inventory import Inventory
    from planner.model.plan import Plan

    content = _inputs.contents(file)
    kinds = {kind.__name__: kind for kind in DOCUMENTS}
    document = decode(content, kinds.get(kind_of(content, file), Plan), file)
    match document:
        case Plan():
            _text.say(_text.plan(document))
        case Inventory():
            _text.say([*_text.inventory(document), _text.scan_summary(document)])
        case _:
            _text.say([*map(_text.availability, document.images), _text.check_summary(document)])
    return 0
