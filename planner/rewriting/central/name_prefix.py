"""A prefix before the names of Docker Hub: a setting of Testcontainers, or a variable that is empty.

What it is put before is the name as it stands, so `library/` has to be spelled or be part of it.
"""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central, before, spelled


def _value(rewrite: Rewrite, _: Fragment) -> str:
    return before(rewrite, spelled(rewrite))


CENTRAL = Central(
    name="name_prefix",
    title="a prefix of image names",
    part=Part.PREFIX,
    value=_value,
    unseen="tests that run where the setting is not read, or with a variable that says something else",
    specification="https://java.testcontainers.org/features/image_name_substitution/#automatically-modifying-docker-hub-image-names",
)
