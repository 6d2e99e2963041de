"""hub2ar show: any document, for people."""

import click

from planner.cli import _completing


@click.command("show", short_help="Print a document that another command wrote.")
@click.argument("file", metavar="FILE", shell_complete=_completing.files)
@click.argument("against", nargs=-1, metavar="[AVAILABILITIES|PATH]...", shell_complete=_completing.files)
@click.option("--fresh", is_flag=True, help="Only say whether a plan still matches the code and the tags.")
def command(file: str, against: tuple[str, ...], fresh: bool) -> int:
    """Print a document that scan, check, plan, apply or doctor wrote; - is standard input.

    With --fresh, compare a plan with the files in PATH, by default the working directory, and the digests of
    its tags with an answer of `check`; exit 1 where something has moved since.

    \b
    Examples:
      hub2ar show plan.json
      hub2ar show plan.json --fresh
      hub2ar check --output-format json | hub2ar show plan.json --fresh - .
    """
    if fresh:
        return _fresh(file, against)
    if against:
        raise click.UsageError("AVAILABILITIES and PATH are for --fresh")
    _show(file)
    return 0


def _fresh(file: str, against: tuple[str, ...]) -> int:
    from planner.cli import _inputs, _stale, _text

    said = [*_stale.fresh(_inputs.plan_document(file), file, against)]
    _text.say([f"The plan is fresh: {'; '.join(said)}."])
    return 0


def _show(file: str) -> None:
    from planner.cli import _checked, _doctor_text, _inputs, _lines, _text
    from planner.model.availability import Availabilities
    from planner.model.diagnosis import Diagnosis
    from planner.model.inventory import Inventory
    from planner.model.plan import Plan
    from planner.model.stability import Stabilities

    width = _lines.columns()
    match _inputs.any_document(file):
        case Plan() as plan:
            _text.say(_text.plan(plan))
            _lines.remark(plan.notes)
        case Inventory() as inventory:
            _text.say(_text.inventory(inventory))
            _text.say(_lines.wrapped(_text.scan_summary(inventory), width, "", "  "))
        case Availabilities() as availabilities:
            for image in availabilities.images:
                _text.say(_checked.availability(image, width))
            _text.say(_lines.wrapped(_checked.summary(availabilities), width, "", "  "))
        case Stabilities() as stabilities:
            for kept in stabilities.images:
                _text.say(_checked.stability(kept, width))
            _text.say(_lines.wrapped(_checked.histories_summary(stabilities.images), width, "", "  "))
        case Diagnosis() as diagnosis:
            _doctor_text.show(_doctor_text.lines(diagnosis))
        case outcomes:
            _text.say(map(_text.outcome, outcomes))
            _text.say(_lines.wrapped(_text.outcomes_summary(outcomes), width, "", "  "))
