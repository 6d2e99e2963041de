"""The plug-ins of a package, found by name: formats, writers, commands.

A plug-in is a public module (no leading underscore) with the constant of its kind; nothing is registered.
"""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@cache
def names(package: str) -> tuple[str, ...]:
    """Return the public modules of `package`, sorted, without importing them."""
    path = import_module(package).__path__
    return tuple(
        sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))
    )


def summary(package: str, name: str) -> str:
    """Return what a plug-in's first line says after its name, without importing it."""
    path = Path(import_module(package).__path__[0], f"{name}.py")
    with path.open(encoding="utf-8") as file:
        _, _, said = file.readline().strip().strip('"').partition(": ")
    return said.rstrip(".")


def load(package: str, name: str, kind: type[T], constant: str) -> T:
    """Return the `constant` of one plug-in, which must be a `kind`."""
    plugin = getattr(import_module(f"{package}.{name}"), constant)
    if not isinstance(plugin, kind):
        raise TypeError(f"{package}.{name}.{constant} is no {kind.__name__}")
    return plugin
