"""Helmfile: charts in registries, and the images of values that stand in it, in every environment.

A release names a chart by its address, or by a repository that is a registry (`oci: true`) and a name; the
repository may be declared in another file. `helmfile.lock` tells which version a range is.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats import _chart_settings, _charts, _kubernetes_objects, _kustomize_images
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import distinct, items, value
from planner.formats._helmfile_values import Environments, filled_in
from planner.formats._image_fields import filled, is_image_key, plausible
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import templated
from planner.formats._yaml import Mapping, Node, lines, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_REPOSITORY, _LOCKED = "repository ", "locked "  # and a name, or an address: variables that other files set
_SETTINGS = ("set", "setString", "setTemplate")
_NEAR = 300  # characters between a chart and its version
_LOCK = re.compile(r"\.lock\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the charts and images of the releases, and what this file tells other helmfiles."""
    text = parse(source)
    documents = [each for each in text.documents if type(each) is Mapping]
    if _LOCK.search(source.path):
        yield from _locked(documents, source)
        return
    own = dict(_repositories(documents))
    if own:
        yield Binding(
            "**", "helmfile", {f"{_REPOSITORY}{name}": url for name, url in own.items()}, always=True
        )
    others = {name: url for name, url in given.items() if name.startswith((_REPOSITORY, _LOCKED))}
    known = {**others, **{f"{_REPOSITORY}{name}": url for name, url in own.items()}}
    reader = _Reader(source, known, Environments.of(text.documents))
    yield from distinct(reader.read(documents))
    if not text.complete:
        yield from distinct(reader.by_lines(text.read))
    yield from problems(source, text, Role.CHART)


def _repositories(documents: list[Mapping]) -> Iterator[tuple[str, Text]]:
    """Yield the repositories that are registries, with their addresses."""
    for document in documents:
        for each in mappings(document.get("repositories")):
            name, url = value(each, "name"), _charts.field(each, "url")
            if name and url and (value(each, "oci") == "true" or str(url).startswith(_charts.SCHEME)):
                yield name, url if str(url).startswith(_charts.SCHEME) else Text.of(_charts.SCHEME) + url


def _locked(documents: list[Mapping], source: SourceFile) -> Iterator[Binding]:
    """Yield the versions that a lock file gives to charts, for the helmfiles beside it."""
    folder, slash, _ = source.path.rpartition("/")
    versions: dict[str, Text] = {}
    for document in documents:
        for each in mappings(document.get("dependencies")):
            url, name = _charts.field(each, "repository"), _charts.field(each, "name")
            reference = _charts.address(url, name) if url and name else None
            version = _charts.field(each, "version")
            if reference and version:
                versions[f"{_LOCKED}{reference}"] = version
    if versions:
        yield Binding(folder + slash, "helmfile", versions, always=True)


class _Reader(Struct, frozen=True):
    source: SourceFile
    known: Given
    environments: Environments

    def read(self, documents: list[Mapping]) -> Iterator[Candidate]:
        """Yield the charts and images of all releases, once for each environment."""
        for document in documents:
            templates = [each for _, each in _entries(document.get("templates"))]
            for release in (*mappings(document.get("releases")), *templates):
                for found in self._release(release):
                    yield from filled_in(found, self.environments)

    def _release(self, release: Mapping) -> Iterator[Candidate]:
        yield from self._chart(_charts.field(release, "chart"), _charts.field(release, "version"))
        for each in mappings(release.get("dependencies")):
            yield from self._chart(_charts.field(each, "chart"), _charts.field(each, "version"))
        for values in items(release.get("values")):
            if type(values) is Mapping:
                yield from _chart_settings.in_values(values, self.source)
        given = [each for key in _SETTINGS for each in mappings(release.get(key))]
        pairs = ((value(each, "name"), filled(each.get("value"))) for each in given)
        settings = ((name, each.text) for name, each in pairs if each is not None)
        yield from _chart_settings.in_settings(settings, self.source)
        for each in mappings(release.get("strategicMergePatches")):
            yield from _kubernetes_objects.images(each, self.source)
        for each in mappings(release.get("jsonPatches")):
            patch = each.get("patch")
            yield from _kustomize_images.operations(patch) if patch is not None else ()

    def _chart(self, name: Text | None, version: Text | None) -> Iterator[Candidate]:
        reference = self._address(name) if name else None
        if reference is None:
            return
        locked = self.known.get(f"{_LOCKED}{reference}")
        found = _charts.chart(reference, version)
        if locked is not None and (found.problem or str(found.value) == str(reference)):
            pinned = _charts.chart(reference, locked)
            trail = (f"version={locked} ({locked.runs[0].path})",)
            found = replace(pinned, spelled=found.spelled, confidence=Confidence.RESOLVED, trail=trail)
        yield replace(found, start=max(name.start if name else 0, 0))

    def _address(self, name: Text) -> Text | None:
        """Return where a chart lies: an address, or the name of a repository, a slash, and a name there."""
        if whole := _charts.address(name):
            return whole
        repository, slash, _ = str(name).partition("/")
        url = self.known.get(f"{_REPOSITORY}{repository}") if slash else None
        return _charts.address(url, name.cut(len(repository) + 1, len(name))) if url else None

    def by_lines(self, start: int) -> Iterator[Candidate]:
        """Yield what the part names that is no YAML: charts, with a version that soon follows, and images."""
        chart: tuple[Text, int] | None = None
        for line in lines(self.source, start):
            text = str(line.value)
            if chart and line.key == "version" and line.start - chart[1] < _NEAR:
                yield from self._by_line(chart[0], line.value)
                chart = None
            elif line.key == "chart":
                yield from self._by_line(chart[0], None) if chart else ()
                chart = (line.value, line.start)
            elif is_image_key(line.key) and (templated(text) or plausible(text, bare=False)):
                guessed = Candidate.of(line.value, Role.WORKLOAD, Confidence.HEURISTIC)
                yield from filled_in(guessed, self.environments)
        yield from self._by_line(chart[0], None) if chart else ()

    def _by_line(self, chart: Text, version: Text | None) -> Iterator[Candidate]:
        for found in self._chart(chart, version):
            yield from filled_in(found, self.environments)


def _entries(node: Node | None) -> Iterator[tuple[str, Mapping]]:
    for key, each in node.entries() if type(node) is Mapping else ():
        if type(each) is Mapping:
            yield key.value, each


FORMAT = Format(
    name="helmfile",
    patterns=(
        "helmfile*.y{a,}ml",
        "helmfile*.y{a,}ml.gotmpl",
        "helmfile.d/**/*.y{a,}ml",
        "helmfile.d/**/*.y{a,}ml.gotmpl",
        "helmfile*.lock",
        "*.helmfile.y{a,}ml",
        "*.helmfile.y{a,}ml.gotmpl",
        "repositories.y{a,}ml",
        "repositories.y{a,}ml.gotmpl",
    ),
    words=((b"releases", b"repositories", b"dependencies", b"templates"),),
    extract=extract,
    specification="https://helmfile.readthedocs.io/en/latest/configuration/",
)
