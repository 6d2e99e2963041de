"""Write what hub2ar stands on, and under which licences, into a file: .ci/licences.py docs/licences.md.

The licences are those that the packages of this environment say they have.
"""

import sys
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

EXTRAS = tuple(each for each in distribution("hub2ar").metadata.get_all("Provides-Extra") or ())
HEAD = """# Licences

Written by `make docs` from what the packages say of themselves.

hub2ar is under the Apache License 2.0. Its wheel holds DataTables (`reports/vendor/`), which is under the MIT
license, for the HTML report. Everything else is installed beside it, and nothing of it is changed:

| package | licence | needed by |
|---|---|---|
"""


def needed() -> dict[str, str]:
    """Return each package that an installation has, and the extra that needs it; empty for all."""
    found: dict[str, str] = {}
    for extra in ("", *EXTRAS):
        _walk("hub2ar", (extra,), extra, found)
    del found["hub2ar"]
    return found


def _walk(name: str, extras: Iterable[str], because: str, found: dict[str, str]) -> None:
    found.setdefault(name, because)
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        wanted = any(
            requirement.marker is None or requirement.marker.evaluate({"extra": extra}) for extra in extras
        )
        child = canonicalize_name(requirement.name)
        if wanted and (child not in found or requirement.extras):
            _walk(child, requirement.extras or ("",), because, found)


def licence(metadata: PackageMetadata) -> str:
    """Return what a package says its licence is, in the newest of the three ways that there are."""
    classified = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    ways = (
        metadata.get("License-Expression"),
        "; ".join(each.rpartition(" :: ")[2] for each in classified),
        metadata.get("License"),
    )
    return next(filter(None, ways), "")


def document() -> str:
    """Return the document."""
    rows = (
        f"| {name} | {licence(distribution(name).metadata)} | {f'`[{extra}]`' if extra else ''} |".replace(
            "  |", " |"
        )
        for name, extra in sorted(needed().items())
    )
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
