"""The notebooks show what their documents hold, and the documents what a rehearsal of the example leaves."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
SOURCES = sorted(FOLDER.glob("*.py"))
ALLOWED = ("planner.model", "reports.tables", "pathlib", "pandas", "matplotlib")

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebooks after another run, elsewhere."""
    folder = tmp_path_factory.mktemp("again") / "notebooks"
    shutil.copytree(FOLDER, folder)
    home = {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "--overwrite")
    done = subprocess.run(
        [*command, *(f"{source.stem}.ipynb" for source in SOURCES)],
        cwd=folder,
        env={**os.environ, **home, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return folder


def texts(notebook: Path) -> Iterator[tuple[int, str]]:
    """Yield what cells show in words, with the number of the cell; pictures differ by library."""
    for number, cell in enumerate(nbformat.read(notebook, as_version=4).cells):
        for output in cell.get("outputs", ()):
            yield number, output.get("text", "") or output["data"]["text/plain"]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module, names, _):
                yield from (f"{module}.{each.name}" for each in names)


@each_source
def test_notebook_runs_and_shows_again_what_it_showed(source: Path, again: Path):
    shown = list(texts(source.with_suffix(".ipynb")))
    assert shown
    assert list(texts(again / f"{source.stem}.ipynb")) == shown, "run `make docs`"


@each_source
def test_notebook_and_its_source_have_the_same_cells(source: Path):
    pair = jupytext.read(source), nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    written, kept = ([(cell.cell_type, cell.source) for cell in each.cells] for each in pair)
    assert kept == written, "run `make docs`"


@each_source
def test_notebook_is_kept_with_the_output_of_every_cell_and_two_plots(source: Path):
    cells = [
        cell
        for cell in nbformat.read(source.with_suffix(".ipynb"), as_version=4).cells
        if cell.cell_type == "code"
    ]
    outputs = [output for cell in cells for output in cell.outputs]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [cell.source for cell in cells[1:] if not cell.outputs] == []
    assert {output.output_type for output in outputs} <= {
        "display_data",
        "execute_result",
    }  # no warning, no error
    assert sum("image/png" in output.data for output in outputs) >= 2


@each_source
def test_notebook_tells_nothing_of_the_machine_it_ran_on(source: Path):
    text = source.with_suffix(".ipynb").read_text(encoding="utf-8")
    told = re.sub(r'"image/png": "[^"]*"', "", text)
    assert not re.search(r"/tmp/|/home/|/root/|/work/|localhost|iopub|[0-3][0-9]T[0-9]{2}:[0-9]{2}", told)


@each_source
def test_notebook_defines_nothing(source: Path):
    defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    found = [
        node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, defined)
    ]
    assert found == []


@each_source
def test_notebook_imports_tables_and_the_model_only(source: Path):
    names = set(imports(ast.parse(source.read_text(encoding="utf-8"))))
    assert {
        name for name in names if not f"{name}.".startswith(tuple(f"{each}." for each in ALLOWED))
    } == set()
    assert "reports.tables" in names


@each_source
def test_readme_lists_the_notebook(source: Path):
    assert f"[`{source.stem}`]({source.stem}.ipynb)" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_notebook_has_a_source():
    assert [path.stem for path in sorted(FOLDER.glob("*.ipynb"))] == [path.stem for path in SOURCES]
