"""What rewriting a case of the corpus changes, as the patch that its `.patch` file holds.

`python tests/corpus_patches.py FOLDER` prints it for a new case.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from rewritten import proposed

from planner.rewriting.patches import patch_of


def patch(folder):
    """Return the patch for a copy of `folder`, and why it is refused, if it is."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, "case")
        shutil.copytree(folder, copy, symlinks=True)
        result = proposed(copy)
        refused = "; ".join(each.refused for each in result.repositories if each.refused)
        parts = [part for each in result.repositories for part in patch_of(each.files, each.top)]
        return b"".join(parts), refused


if __name__ == "__main__":
    sys.stdout.buffer.write(patch(Path(sys.argv[1]))[0])
