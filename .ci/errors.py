"""Write the exit codes and the errors, as the code has them, into a file: .ci/errors.py docs/errors.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from planner import errors

HEAD = """# Exit codes and errors

Written by `make docs` from the code.

A command ends with one of these codes, so that a script can tell what is to be done next:

| code | meaning |
|---|---|
"""
ERRORS = """
An error is two lines on standard error: what is, with the value, and what to do. Where a command gives up,
it is one of these kinds. What happens to a single file or image is no error: it stands in the result, and the
others go on.

| error | code | when |
|---|---|---|
"""


def kinds() -> Iterator[type[errors.PlannerError]]:
    """Yield every kind of error, each before those that are a part of it."""
    for each in vars(errors).values():
        if (
            isinstance(each, type)
            and issubclass(each, errors.PlannerError)
            and each is not errors.PlannerError
        ):
            yield each


def document() -> str:
    """Return the document."""
    exits = "".join(f"| {code} | {said} |\n" for code, said in errors.EXITS.items())
    rows = "".join(f"| `{each.__name__}` | {each.exit_code} | {_when(each)} |\n" for each in kinds())
    return HEAD + exits + ERRORS + rows


def _when(kind: type[errors.PlannerError]) -> str:
    return (kind.__doc__ or "").splitlines()[0].removesuffix(".")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
