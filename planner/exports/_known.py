"""All exports, by name."""

from planner import discover
from planner.errors import ConfigError, nearest
from planner.exports._base import Export

_PACKAGE = "planner.exports"


def exports() -> tuple[Export, ...]:
    """Return every export, by name."""
    return tuple(export(name) for name in discover.names(_PACKAGE))


def export(name: str) -> Export:
    """Return an export; `-` and `_` are the same in its name. Raises ConfigError for an unknown one."""
    known, wanted = discover.names(_PACKAGE), name.replace("-", "_")
    if wanted not in known:
        spelled = [each.replace("_", "-") for each in known]
        hint = nearest(name.replace("_", "-"), spelled) or f"known are {', '.join(spelled)}"
        raise ConfigError(f"no export {name!r}", hint=hint)
    return discover.load(_PACKAGE, wanted, Export, "EXPORT")
