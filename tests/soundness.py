"""What holds for every format and every text: it ends, and what it yields lies in the text."""

from planner.formats._base import NOTHING, Binding, Candidate, Embedded
from planner.model.inventory import Occurrence
from planner.model.source import SourceFile
from planner.scanning.judge import judged


def unsound(format_, path, text):
    """Yield what is wrong with what a format finds in a text."""
    source = SourceFile(path, text)
    for item in format_.extract(source, NOTHING):
        if isinstance(item, Binding):
            yield from _values(text, *item.variables.values())
        elif isinstance(item, Embedded):
            yield from _values(text, item.text)
        elif isinstance(item, Candidate):
            if not 0 <= item.start <= len(text):
                yield f"{item.spelled!r} starts at {item.start} of {len(text)}"
            yield from _values(text, item.value)
            yield from _fragments(text, judged(source, format_.name, item))


def _values(text, *values):
    for run in (run for value in values for run in value.runs):
        there = text[run.start : run.start + len(run.text)]
        if run.start >= 0 and not run.path and there != run.text and not _covered(there, run.text):
            yield f"{run.text!r} does not stand at {run.start}"


def _covered(there, text):
    """Whether a text is what stands there with something covered by blanks, as prompts in prose are."""
    return len(there) == len(text) and all(
        own in (" ", other) for other, own in zip(there, text, strict=True)
    )


def _fragments(text, found):
    for fragment in found.fragments if isinstance(found, Occurrence) else ():
        if not fragment.path and text[fragment.start : fragment.end] != fragment.text:
            yield f"fragment {fragment.text!r} does not stand at {fragment.start}"


def path_of(format_):
    """Return a path that a format reads."""
    from planner.formats._patterns import expanded

    glob = expanded(format_.patterns[0])[0]
    return glob.replace("**/", "a/").replace("**", "a").replace("*", "x").replace("?", "x").lstrip("/")
