from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from gated import written


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write files into an empty folder, and return it."""
    return lambda files: written(tmp_path, files)
