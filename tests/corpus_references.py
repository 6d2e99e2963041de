"""What a scan finds in a case of the corpus, in the lines that its `.references` file holds.

`python tests/corpus_references.py FOLDER` prints them for a new case.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from planner.model.inventory import Occurrence, Output, Pattern, Role
from planner.scan import scan


def references(folder):
    """Return one line for each finding in a copy of `folder`, sorted."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, "case")
        shutil.copytree(folder, copy)
        return sorted(_line(item) for item in scan([copy]).found)


def _line(item):
    if isinstance(item, Occurrence):
        return f"{item.path}:{item.line} {item.role} {item.reference}"
    if isinstance(item, Pattern):
        return f"{item.path}:{item.line} {Role.RULE} {item.syntax} {item.text}"
    return f"{item.path}:{item.line} {'output' if isinstance(item, Output) else 'unresolved'} {item.text}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(references(Path(sys.argv[1]))) + "\n")
