"""Umbrel: the proxy that umbrelOS pulls for an app; its services are a Compose file.

The proxy before an app is a service without an image: umbrelOS adds it, and with it Tor
(https://github.com/getumbrel/umbrel-apps#1-containerizing-the-app-using-docker).
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._yaml import Mapping, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_PROXY = "app_proxy"
_IMAGE = "docker.io/getumbrel/app-proxy"
_KNOB = "umbrelOS pulls what it runs as app_proxy, in a version of its own; no file of an app moves it"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the proxy of the app."""
    for document in parse(source).documents:
        services = document.get("services") if type(document) is Mapping else None
        for name, service in services.entries() if type(services) is Mapping else ():
            if name.value == _PROXY and type(service) is Mapping and service.get("image") is None:
                yield Candidate(
                    Text.of(_IMAGE), Role.IMPLICIT, name.start, name.value, Confidence.RESOLVED, (_KNOB,)
                )


FORMAT = Format(
    name="umbrel",
    patterns=("*compose*.y{a,}ml",),
    words=((b"app_proxy",), (b"APP_HOST", b"APP_PORT")),
    extract=extract,
    specification="https://github.com/getumbrel/umbrel-apps",
)
