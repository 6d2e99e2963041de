"""Testcontainers: `hub.image.name.prefix`, in the `testcontainers.properties` that tests have already.

The prefix goes before every name of Docker Hub as tests have it, so it is for images with an organisation: a
prefix that ends in `library/` would be that of Ryuk as well, which is testcontainers/ryuk.
"""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central, before, spelled

_OFFICIAL = "/library/"


def _value(rewrite: Rewrite, _: Fragment) -> str:
    prefix = before(rewrite, spelled(rewrite))
    return "" if prefix.endswith(_OFFICIAL) else prefix


CENTRAL = Central(
    name="hub_prefix",
    title="hub.image.name.prefix",
    part=Part.PREFIX,
    value=_value,
    unseen=(
        "tests that are run with another TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX; what Testcontainers pulls by"
        " itself, Ryuk, comes from there too"
    ),
    specification="https://java.testcontainers.org/features/image_name_substitution/",
    settles=("ryuk",),
)
