"""What a scan finds: occurrences of references, texts that are not known, names this code builds, rules."""

from enum import StrEnum
from typing import Literal

import msgspec

from planner.model.reference import Reference
from planner.model.source import Fragment

RUN_ON_KUBERNETES = frozenset(  # formats whose workloads the nodes of a cluster pull
    {
        *("kubernetes", "kustomize", "kustomize_replacements", "json_patch", "jsonnet", "ytt", "kbld"),
        *("helm_chart", "helm_template", "helm_values", "helmfile", "kapp_controller", "olm"),
        *("argo", "argo_cd", "flux", "fleet", "tekton", "knative", "kfp", "crossplane", "cluster_api"),
    }
)


class Role(StrEnum):
    """Why code names an image."""

    BASE = "base"  # FROM
    FRONTEND = "frontend"  # # syntax=
    COPY_FROM = "copy-from"
    MOUNT = "mount"  # RUN --mount=from=, image volumes
    WORKLOAD = "workload"  # what a cluster runs
    SERVICE = "service"  # compose services, services beside a CI job
    STEP = "step"  # what a CI job runs in
    CHART = "chart"
    TEST = "test"
    SCRIPT = "script"  # docker run, docker pull
    CACHE = "cache"  # cache-from
    IMPLICIT = "implicit"  # pulled although nothing spells it
    OUTPUT = "output"  # built or pushed by this code; never copied, never rewritten
    DOCUMENTATION = "documentation"
    RULE = "rule"  # what a rule applies to; pulls nothing, and no longer matches once the image is renamed


class Confidence(StrEnum):
    """How sure the scanner is that a text is a reference, and this one."""

    CERTAIN = "certain"  # the place can hold nothing else, and the text is literal
    RESOLVED = "resolved"  # a variable or a default gave part of it
    HEURISTIC = "heuristic"  # a key or an argument that usually holds a reference
    DOCUMENTATION = "documentation"


class Occurrence(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Occurrence", tag_field="kind", gc=False
):
    """A place where code names an image."""

    path: str
    line: int  # from 1
    column: int  # from 1, in characters
    format: str
    role: Role
    reference: Reference  # in full; a tag is not invented
    text: str  # as it is written
    confidence: Confidence
    fragments: tuple[Fragment, ...] = ()  # the edit sites; several occurrences may share one
    trail: tuple[str, ...] = ()  # which variable gave which part, and where it is set
    fixture: bool = False  # in a file that only tests read: listed, not planned
    namesakes: tuple[str, ...] = ()  # files in which what is built on this image bears its name


class Unresolved(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Unresolved", tag_field="kind", gc=False
):
    """A text that should be a reference and is not known, or a file that could not be read."""

    path: str
    line: int  # from 1; 1 where the whole file is meant
    format: str  # empty where the file was not read
    text: str
    reason: str  # what is missing, and where it could be set
    fixture: bool = False  # in a file that only tests read
    column: int = 0  # from 1, in characters; 0 where no text is meant
    reference: Reference | None = None  # without its version, where only that is missing: `nginx:$VERSION`
    fragments: tuple[Fragment, ...] = ()  # where that name stands


class Output(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Output", tag_field="kind", gc=False
):
    """A name that this code builds, of which a part is known only when it runs (`gcr.io/$PROJECT_ID/app`)."""

    path: str
    line: int
    format: str
    text: str


class Syntax(StrEnum):
    """How a rule compares the names of images."""

    GLOB = "glob"  # `docker.io/library/*`; which characters `*` stands for is the tool's to say
    PREFIX = "prefix"  # `docker.io/`
    REGEX = "regex"


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Pattern", tag_field="kind"):
    """What a rule compares the names of images with, where that is no single name.

    Rules that name an image are occurrences with the role `rule`.
    """

    path: str
    line: int  # from 1
    column: int  # from 1, in characters
    format: str
    syntax: Syntax
    text: str  # as it is written
    fragments: tuple[Fragment, ...] = ()  # where it stands
    fixture: bool = False  # in a file that only tests read


Found = Occurrence | Unresolved | Output | Pattern
_NOT_PULLED = (Role.OUTPUT, Role.DOCUMENTATION, Role.RULE)


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tree that was scanned."""

    path: str
    files: int  # how many were listed
    revision: str = ""  # the commit, where it is a git work tree


class Inventory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Inventory", tag_field="kind"):
    """The result of a scan, ordered by path, line and column."""

    sources: tuple[Source, ...]
    found: tuple[Found, ...]
    files: dict[str, str]  # path: sha256 of each file that was parsed, so that a plan can tell that it moved
    owners: dict[str, tuple[str, ...]] = {}  # path: who owns it, as CODEOWNERS says, of paths in `found`
    hub2ar: Literal[1] = 1

    @property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """The places whose reference is known in full."""
        return tuple(item for item in self.found if isinstance(item, Occurrence))

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """The places whose reference is not known."""
        return tuple(item for item in self.found if isinstance(item, Unresolved))

    @property
    def rules(self) -> tuple[Occurrence | Pattern, ...]:
        """What rules match the names of images with: they have to change together with the names."""
        return tuple(
            item
            for item in self.found
            if isinstance(item, Pattern) or (isinstance(item, Occurrence) and item.role is Role.RULE)
        )

    @property
    def pulled(self) -> tuple[Occurrence, ...]:
        """Occurrences that make something pull: no outputs, documentation or rules, no fixtures of tests."""
        return tuple(item for item in self.occurrences if item.role not in _NOT_PULLED and not item.fixture)

    def references(self) -> tuple[Reference, ...]:
        """Return the distinct references that are pulled, sorted."""
        return tuple(sorted({item.reference for item in self.pulled}))
