"""What a gate finds, as reports show it: from documents, and the words for it that outputs share."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from planner.errors import ConfigError
from planner.gate import Question, of_inventory, of_plan
from planner.model.finding import Criterion, Finding, Findings
from planner.model.plan import CreateRepository
from planner.model.reference import DOCKER_HUB
from planner.model.source import printable
from planner.model.words import counted
from reports.documents import Document, gathered

DOCS = "https://github.com/hub2ar/hub2ar/blob/main/docs/gate.md"


@dataclass(frozen=True, slots=True)
class Words:
    """How a criterion is reported."""

    name: str  # for programs, in one word
    title: str
    meaning: str
    remedy: str

    @property
    def text(self) -> str:
        """All of it, as sentences."""
        return f"{self.meaning} {self.remedy}"


WORDS: Mapping[Criterion, Words] = {
    Criterion.DOCKER_HUB: Words(
        "ImageNotMoved",
        "Image that is not moved",
        "This place makes something pull an image from Docker Hub, or from another registry that is moved.",
        "Name the image where it is in Artifact Registry; a fix holds the exact text. If it has to stay,"
        ' write the comment `hub2ar: ignore` above it, or a [[rule]] with route = "keep" and a reason into'
        " hub2ar.toml.",
    ),
    Criterion.NEW: Words(
        "ImageNotInBaseline",
        "Image that the baseline does not have",
        "This file pulls an image that it did not pull when the baseline was written.",
        "If it is meant, write the baseline anew: `hub2ar scan --output-format json > baseline.json`.",
    ),
    Criterion.UNRESOLVED: Words(
        "ImageNotKnown",
        "Image that is not known",
        "This text should be an image, and what it stands for cannot be told from the files; or a file could"
        " not be read.",
        "Set what is missing where the message says, or tell what it is in a comment: `hub2ar: image=NAME`.",
    ),
}


def of(documents: Sequence[Document]) -> Findings:
    """Return what a gate finds in an inventory, or in what a plan says of it.

    Raises ConfigError where there is neither, and for two documents of a kind.
    """
    given = gathered(documents)
    if given.inventory is None:
        if given.plan is None:
            raise ConfigError("findings are those of an inventory or a plan", hint="name one of them as well")
        return of_plan(given.plan)
    actions = given.plan.actions if given.plan else ()
    made = (each.registry for each in actions if isinstance(each, CreateRepository))
    return of_inventory(given.inventory, Question(upstreams={DOCKER_HUB, *made}, plan=given.plan))


def path_of(finding: Finding) -> str:
    """Return the path of a file from the top of its repository, as text."""
    path = unquote_to_bytes(finding.site.uri.removeprefix("file://"))
    return printable(path.decode("utf-8", "surrogateescape"))


def place_of(finding: Finding) -> str:
    """Return where a finding is, as `path:line:column` from the working directory."""
    region = finding.site.region
    return ":".join((finding.site.path, str(region.line), *([str(region.column)] if region.column else ())))


def line_of(finding: Finding) -> str:
    """Return a finding in one line: where, what, what to do, and which criterion."""
    return f"{place_of(finding)}: {finding.level}: {finding.said} [{finding.criterion}]"


def summary(findings: Findings) -> str:
    """Return what findings come to."""
    counts = Counter(each.criterion for each in findings.found)
    parts = [f"{counts[each]} {each}" for each in findings.criteria if counts[each]]
    total = counted(len(findings.found), "finding") if findings.found else "no findings"
    passed = [
        f"{counted(findings.known, 'place')} in the baseline" if findings.known else "",
        f"{findings.kept} kept by rules" if findings.kept else "",
    ]
    beside = ", ".join(filter(None, passed))
    said = f"{total}: {', '.join(parts)}" if parts else total
    return f"{said} ({beside} passed over)" if beside else said


def needed(findings: Findings | None) -> Findings:
    """Return findings. Raises LookupError for a report that was made without them."""
    if findings is None:
        raise LookupError("the report has no findings")
    return findings
