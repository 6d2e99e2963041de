import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("folder", [".", "notebooks"])
def test_notebook_runs_from_the_root_and_from_its_folder(
    notebook: Path, folder: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT / folder)
    assert runpy.run_path(str(notebook))["tree"].is_dir()


def test_inventory_notebook_finds_what_the_example_pulls_from_docker_hub(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    found = runpy.run_path("notebooks/01_inventory.py")
    assert "docker.io/library/nginx:1.27.2-alpine" in set(found["hub"]["reference"])
    assert ("docker.io", "library/node") in found["several"].index


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_readme_lists_the_notebook(notebook: Path):
    assert f"`{notebook.name}`" in (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
