"""Keep the documents of a rehearsal of the example, for the notebooks: .ci/example.py notebooks/documents.

The example is rehearsed in a folder outside of this repository, so that no document has its revision.
"""

import io
import os
import shutil
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from planner.cli.main import run

EXAMPLE = Path("examples/storefront")
COLUMNS = 80
DOCUMENTS = ("inventory.json", "availabilities.json", "plan.json", "outcomes.jsonl")
_ROOT = Path(__file__).parents[1]


def rehearse(keep: Path) -> str:
    """Keep what a rehearsal of the example leaves, and return what it says on a terminal of COLUMNS."""
    said = io.StringIO()
    with TemporaryDirectory() as folder:
        shutil.copytree(_ROOT / EXAMPLE, Path(folder) / EXAMPLE)
        wide = patch.dict(os.environ, COLUMNS=str(COLUMNS))
        with wide, chdir(folder), redirect_stdout(said), redirect_stderr(io.StringIO()):
            code = run(["rehearse", str(EXAMPLE), "--keep", str(keep)])
    if code:
        sys.exit(f"the rehearsal of {EXAMPLE} ended with {code}")
    return said.getvalue()


def main(folder: Path) -> None:
    """Write the documents of a rehearsal into a folder."""
    with TemporaryDirectory() as kept:
        rehearse(Path(kept))
        folder.mkdir(exist_ok=True)
        for name in DOCUMENTS:
            (folder / name).write_bytes((Path(kept) / name).read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
