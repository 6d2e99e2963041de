"""The example: its README lists what a scan has to find, and the scan finds that."""

import re
from functools import cache
from pathlib import Path

from planner.model.inventory import Inventory, Role
from planner.scan import scan

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"


@cache
def inventory() -> Inventory:
    return scan((STOREFRONT,))


def section(title: str) -> str:
    readme = (STOREFRONT / "README.md").read_text(encoding="utf-8")
    return readme.partition(f"## {title}\n")[2].partition("\n## ")[0]


def listed() -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", section("What is pulled"), flags=re.MULTILINE)


def test_scan_finds_the_images_that_the_readme_lists_and_no_others():
    assert {str(reference) for reference in inventory().references()} == set(listed())


def test_scan_does_not_know_the_two_texts_that_the_readme_names():
    named = re.findall(r"^- `([^`]+)` in `", section("What cannot be known"), flags=re.MULTILINE)
    assert {item.text for item in inventory().unresolved} == set(named)


def test_what_the_system_builds_is_an_output_wherever_it_is_named():
    own = {
        item.role
        for item in inventory().occurrences
        if item.reference.name.startswith(
            ("docker.io/fernhill/", "us-docker.pkg.dev/fernhill-shop/services/")
        )
    }
    assert own == {Role.OUTPUT}
