"""kapp-controller: the images, bundles and charts that apps and packages are fetched from."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._carvel_fetch import fetched
from planner.formats._chart_files import is_template
from planner.formats._kubernetes_objects import of_kind
from planner.formats._placeholders import settled
from planner.formats._select import select
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_OWN = re.compile(
    r"kappctrl\.k14s\.io/\S+ App\Z|(?:data\.)?packaging\.carvel\.dev/\S+ (?:Package|PackageRepository)\Z"
    r"|internal\.packaging\.carvel\.dev/\S+ \w+\Z"
)
_FETCHED = ("spec.fetch[]", "spec.template[]", "spec.template.spec.fetch[]", "spec.template.spec.template[]")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield what the objects of a text are fetched from."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    for node in own:
        for path in _FETCHED:
            for content in select(node, path):
                for found in fetched(content) if type(content) is Mapping else ():
                    if isinstance(found, Candidate):
                        yield settled(found, given)
                    elif not is_template(source):
                        yield found
    if own:
        yield from problems(source, text, Role.WORKLOAD)


FORMAT = Format(
    name="kapp_controller",
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"kappctrl.k14s.io/", b"packaging.carvel.dev/"), (b"fetch",)),
    extract=extract,
    specification="https://carvel.dev/kapp-controller/docs/latest/app-spec/",
    by_content=True,
)
