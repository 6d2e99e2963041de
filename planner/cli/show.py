"""hub2ar show: any document, for people."""

import click


@click.command("show")
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Print a document that scan, check, plan, apply or doctor wrote; - is standard input.

    \b
    Example:
      hub2ar show plan.json
    """
    import shutil

    from planner.cli import _checked, _doctor_text, _inputs, _text
    from planner.model.availability import Availabilities
    from planner.model.diagnosis import Diagnosis
    from planner.model.inventory import Inventory
    from planner.model.plan import Plan
    from planner.model.stability import Stabilities

    width = shutil.get_terminal_size((80, 24)).columns
    match _inputs.any_document(file):
        case Plan() as plan:
            _text.say(_text.plan(plan))
        case Inventory() as inventory:
            _text.say([*_text.inventory(inventory), _text.scan_summary(inventory)])
        case Availabilities() as availabilities:
            for image in availabilities.images:
                _text.say(_checked.availability(image, width))
            _text.say([_checked.summary(availabilities)])
        case Stabilities() as stabilities:
            for kept in stabilities.images:
                _text.say(_checked.stability(kept, width))
            _text.say([_checked.histories_summary(stabilities.images)])
        case Diagnosis() as diagnosis:
            _doctor_text.show(_doctor_text.lines(diagnosis))
        case outcomes:
            _text.say([*map(_text.outcome, outcomes), _text.outcomes_summary(outcomes)])
    return 0
