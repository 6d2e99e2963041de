"""The plug-ins of a package, found by name: formats, writers, commands.

A plug-in is a public module (no leading underscore) with the constant of its kind; nothing is registered.
"""

import pkgutil
from functools import cache
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


@cache
def names(package: str) -> tuple[str, ...]:
    """Return the public modules of `package`, sorted, without importing them."""
    path = import_module(package).__path__
    return tuple(
        sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))
    )


def load(package: str, name: str, kind: type[T], constant: str) -> T:
    """Return the `constant` of one plug-in, which must be a `kind`."""
    plugin = getattr(import_module(f"{package}.{name}"), constant)
    if not isinstance(plugin, kind):
        raise TypeError(f"{package}.{name}.{constant} is no {kind.__name__}")
    return plugin
