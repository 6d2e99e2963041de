"""CasaOS: the image of an app in an `appfile.json`, and what runs before a Compose app is installed.

The services of apps that are Compose files are read as such.
"""

from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._scripts import Finding, findings
from planner.formats._select import images, scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_COMMANDS = ("x-casaos.pre-install-cmd", "x-casaos.post-install-cmd")


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield the image of the app, or the commands beside its services."""
    if source.path.endswith(".json"):
        yield from images(source, {"container.image": Role.WORKLOAD})
        return
    for document in parse(source).documents:
        for path in _COMMANDS:
            for command in scalars_at(document, path):
                yield from findings(command.text, source.path, {}, ())


FORMAT = Format(
    name="casaos",
    patterns=("appfile*.json", "*compose*.y{a,}ml"),
    words=((b"network_model", b"x-casaos"), (b"image", b"install-cmd")),
    extract=extract,
    specification="https://github.com/IceWhaleTech/CasaOS-AppStore",
)
