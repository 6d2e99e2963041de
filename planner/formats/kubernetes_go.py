"""Kubernetes' API in Go: the images of containers and volumes that operators and tools put into pods.

`corev1.Container{Image: …}`, whatever the package is called there, alone or in a list. Tests are skipped:
names in them are often made up.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import Group, Kind
from planner.formats._code_file import CodeFile
from planner.formats._code_tests import is_test
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PACKAGE = re.compile(r"k8s\.io/(?:api|client-go/pkg/api|kubernetes/pkg/apis)/(?:core/)?v1\Z")
_LITERAL = re.compile(  # looked for before a file is parsed: the API itself has none, and is long
    r"\.\s*+(?:Container|EphemeralContainerCommon|ImageVolumeSource)\s*+(?:\{|/[/*])"
)
_DEFAULT = "v1"  # the package's own name
_FIELDS = {
    "Container": ("Image", Role.WORKLOAD),
    "EphemeralContainerCommon": ("Image", Role.WORKLOAD),
    "ImageVolumeSource": ("Reference", Role.MOUNT),
}


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of literals of the API's types."""
    if is_test(source.path) or not _LITERAL.search(source.text):
        return
    file = CodeFile.read(source)
    packages = frozenset(_packages(file))
    for group in file.groups if packages else ():
        if group.bracket == "{" and (field := _FIELDS.get(_type(file, group, packages))):
            name, role = field
            yield from file.images(group.keyword(name), role)


def _packages(file: CodeFile) -> Iterator[str]:
    """Yield the names that the API's package has in the file."""
    for before, token in zip((None, *file.tokens), file.tokens, strict=False):
        if token.kind is Kind.STRING and _PACKAGE.search(token.text):
            named = before is not None and before.kind is Kind.NAME and before.text != "import"
            yield before.text if before is not None and named else _DEFAULT


def _type(file: CodeFile, group: Group, packages: frozenset[str]) -> str:
    """Return the type of a literal; an item of a list is of the list's."""
    if not group.name and group.parent >= 0 and not group.key:
        group = file.groups[group.parent]
        if group.bracket != "{":
            return ""
    package, _, name = group.name.rpartition(".")
    return name if package in packages else ""


FORMAT = Format(
    name="kubernetes_go",
    patterns=("*.go",),
    words=((b"k8s.io/",), (b"Image",), (b"Container", b"ImageVolumeSource")),
    extract=extract,
    own_code=True,
    specification="https://pkg.go.dev/k8s.io/api/core/v1#Container",
)
