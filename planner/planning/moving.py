"""Tags that move: `latest`, `3.12`, `stable`. What they name today they do not name tomorrow. Pure.

Nothing in a registry says so; a tag is taken to stay where it has a version of three numbers or more, a date,
or the beginning of a commit, and to move where it has none. Images of Docker Hub are rebuilt under full
versions too, now and then; who has to be sure names a digest.
"""

import re
from collections.abc import Iterable, Sequence

from planner.errors import ConfigError
from planner.model.job import Copy, Transfer
from planner.model.plan import CreateRepository
from planner.model.reference import Reference

_FIXED = re.compile(
    r"(?<![\d.])v?\d+\.\d+\.\d+"  # 1.27.3, v2.0.1-alpine
    r"|(?<!\d)(?:19|20)\d\d-?[01]\d-?[0-3]\d(?!\d)"  # 20260131, 2026-01-31
    r"|(?<![a-z0-9])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,64}(?![a-z0-9])"  # 3f9c2ab
)
_SHOWN = 3  # images in a message


def moving(reference: Reference) -> bool:
    """Tell whether a reference will name something else some day, judging by the spelling of its tag."""
    return not reference.digest and not _FIXED.search(reference.tag or "latest")


def check(transfers: Sequence[Transfer], repositories: Iterable[CreateRepository]) -> None:
    """Raise ConfigError where moving tags would be copied into a repository whose tags are immutable."""
    for each in repositories:
        if not each.setup.immutable_tags:
            continue
        inside = f"{each.target.prefix}/"
        found = [
            job.source
            for job in transfers
            if isinstance(job, Copy) and job.destination.name.startswith(inside) and moving(job.source)
        ]
        if found:
            names = ", ".join(map(str, found[:_SHOWN])) + (", …" if len(found) > _SHOWN else "")
            raise ConfigError(
                f"$.repositories.immutable-tags: no tag of {each.target.prefix} could move,"
                f" and these do: {names}",
                hint="set it to false; or name full versions or digests in the code; or send these images"
                ' through a remote repository, with a [[rule]] whose route is "remote"',
            )
