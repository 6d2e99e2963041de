"""Run the notebooks' sources and keep them with what they show: .ci/notebooks.py notebooks.

The same source and documents give the same file: cells are numbered, and nothing tells when or where
they ran.
"""

import os
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

_ROOT = Path(__file__).parents[1]
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def executed(source: Path) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of its cells."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number:02}"
    client = NotebookClient(
        notebook,
        record_timing=False,
        kernel_name="python3",
        resources={"metadata": {"path": str(source.parent)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(_ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    for cell in notebook.cells:
        cell.metadata = {}
    notebook.metadata = nbformat.from_dict(
        {
            "jupytext": {"formats": "ipynb,py:percent"},
            "kernelspec": _KERNEL,
            "language_info": {"name": "python"},
        }
    )
    return notebook


def main(folder: Path) -> None:
    """Write the notebook beside each source."""
    for source in sorted(folder.glob("*.py")):
        notebook = executed(source)
        nbformat.validate(notebook)
        nbformat.write(notebook, source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
