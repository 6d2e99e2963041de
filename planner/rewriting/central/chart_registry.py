"""Charts: `global.imageRegistry`, where the values have it, in the place of the registry of every image.

A chart that has it puts it before the repository, so it may have a path.
"""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central, before, spelled


def _value(rewrite: Rewrite, _: Fragment) -> str:
    pieces = "".join(each.text for each in rewrite.fragments if each.part is Part.REPOSITORY)
    return before(rewrite, pieces or spelled(rewrite)).removesuffix("/")


CENTRAL = Central(
    name="chart_registry",
    title="global.imageRegistry",
    part=Part.OVERRIDE,
    value=_value,
    unseen="what charts that are not in the tree make of it",
    specification="https://github.com/bitnami/charts/tree/main/bitnami/common#imageroot",
    beside=True,
)
