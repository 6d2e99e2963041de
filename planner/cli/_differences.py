"""What a plan would change: repositories and rights that differ, and what each transfer would ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner import errors
from planner.cli import _execute, _network, _text
from planner.model.job import Copy, Warm
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan
from planner.model.reference import Reference
from planner.model.words import size

if TYPE_CHECKING:
    from planner.preview import Preview
    from planner.provision import Finding
    from planner.registries.endpoints import Endpoints
    from planner.registries.oci import Registries


@dataclass(frozen=True, slots=True)
class Differences:
    """What a plan, or a part of it, would change."""

    findings: Sequence["Finding"]
    previews: Sequence["Preview"]


def compare(plan: Plan, endpoints: "Endpoints", part: _execute.Part, *, follow: bool = False) -> Differences:
    """Return what `apply` would do, without doing any of it."""
    from planner.preview import previews
    from planner.provision import differences

    async def whole(registries: "Registries") -> Differences:
        wanted, jobs = part.provisions(plan), part.transfers(plan)
        findings = [each async for each in differences(wanted, _execute.api(endpoints))] if wanted else []
        made = [
            each.action.target.prefix
            for each in findings
            if isinstance(each.action, CreateRepository) and each.change.created
        ]
        return Differences(findings, await previews(jobs, registries, follow=follow, made=made))

    return _network.ask(endpoints, whole)


def told(found: Differences) -> Iterator[str]:
    """Yield what would be done, and what it comes to."""
    yield from compared(found.findings)
    for each in found.previews:
        yield from _preview(each)
    if found.previews:
        yield _summary(found.previews)


def compared(findings: Sequence["Finding"]) -> Iterator[str]:
    """Yield what would be done, one line for each thing and one for each field."""
    from planner.provision import subject

    for finding in findings:
        verb = {CreateRepository: "create", AllowUpstreams: "allow", Grant: "grant"}[type(finding.action)]
        change = finding.change
        sign = "!" if _stuck(finding) else "+" if change.created else "~" if change else "="
        yield f"  {sign} {verb:<6} {subject(finding.action)}"
        if finding.error:
            yield f"      {finding.error}"
        for each in change.differences:
            yield f"      {each}" + (f" (cannot be changed: {each.remedy})" if each.remedy else "")


def pending(found: Differences) -> int:
    """Return the exit code: 4 where something cannot be done, 10 where something would change, else 0."""
    if any(map(_stuck, found.findings)) or any(each.problem for each in found.previews):
        return errors.INCOMPLETE
    changes = any(finding.change for finding in found.findings)
    return errors.PENDING if changes or not all(map(_nothing_to_do, found.previews)) else 0


def _stuck(finding: "Finding") -> bool:
    return bool(finding.error) or not all(each.changeable for each in finding.change.differences)


def _nothing_to_do(preview: "Preview") -> bool:
    return preview.held if isinstance(preview.job, Warm) else preview.present


def _preview(preview: "Preview") -> Iterator[str]:
    """Yield a transfer, and under it every request that it would make, as far as that can be known."""
    job, verb = preview.job, "warm" if isinstance(preview.job, Warm) else "copy"
    sign = "!" if preview.problem else "=" if _nothing_to_do(preview) else "*" if verb == "warm" else ">"
    yield f"  {sign} {verb:<6} {job.destination}"
    said = preview.problem or preview.drift
    if said:
        yield f"      {said}"
    if not preview.problem:
        lines = _warming(preview) if isinstance(job, Warm) else _copying(preview, job)
        yield from (f"      {line}" for line in lines)


def _warming(preview: "Preview") -> Iterator[str]:
    place, pulls = preview.job.destination, _text.counted(preview.job.pulls, "pull")
    cost = "it is kept there, and read again" if preview.held else f"{pulls} by the repository"
    yield f"GET  {_manifests(place, place.version)}, and what it names ({cost})"
    yield f"GET  {_blobs(place)}…, each once ({_size(preview.job.size)})"


def _copying(preview: "Preview", job: Copy) -> Iterator[str]:
    place, wanted = job.destination, preview.wanted or ""
    version = place.tag or ("latest" if not place.digest else wanted)
    yield f"HEAD {_manifests(place, version)} (now {preview.found or 'nothing'})"
    if preview.present:
        return
    if preview.held:
        yield f"GET  {_manifests(place, wanted)}, which is there under another name"
    elif preview.manifests is None:
        pulls = _text.counted(job.pulls, "pull")
        yield f"GET  {_manifests(job.origin, wanted)}, and what it names ({pulls})"
        yield f"GET  {_blobs(job.origin)}…, POST and PUT {_blobs(place)}…, each once ({_size(job.size)})"
        yield f"PUT  {_manifests(place, '…')}, what it names"
    else:
        yield from _known(preview, job)
    yield f"PUT  {_manifests(place, version)}"
    yield f"HEAD {_manifests(place, version)}, and {_manifests(job.source, job.source.version)}"


def _known(preview: "Preview", job: Copy) -> Iterator[str]:
    place, digests = job.destination, preview.manifests or ()
    for digest in digests:
        yield f"GET  {_manifests(job.origin, digest)} (no pull)"
    for blob in preview.blobs:
        if blob.there:
            yield f"POST {_blobs(place)}uploads/?mount={blob.digest} (there, {size(blob.size)})"
        else:
            moved = f"GET {_blobs(job.origin)}{blob.digest}, POST and PUT {_blobs(place)}uploads/"
            yield f"{moved} ({size(blob.size)})"
    for digest in digests[1:]:
        yield f"PUT  {_manifests(place, digest)}"


def _summary(previews: Sequence["Preview"]) -> str:
    """Return in a line what transfers would come to."""
    rest = [each for each in previews if not _nothing_to_do(each) and not each.problem]
    pulls = sum(each.job.pulls for each in rest if not each.held)
    known = sum(blob.size for each in rest for blob in each.blobs if not blob.there)
    planned = [each.job.size for each in rest if each.manifests is None]
    most = known + sum(each or 0 for each in planned)
    told = f"at most {size(most)}" + (" and more" if None in planned else "")
    there = len(previews) - len(rest) - sum(bool(each.problem) for each in previews)
    return (
        f"{_text.counted(len(previews), 'image')}: {there:,} there, {len(rest):,} to move"
        f" ({told}, {_text.counted(pulls, 'pull')}); nothing was changed"
    )


def _manifests(reference: Reference, version: str) -> str:
    return f"{reference.registry}/v2/{reference.repository}/manifests/{version}"


def _blobs(reference: Reference) -> str:
    return f"{reference.registry}/v2/{reference.repository}/blobs/"


def _size(number: int | None) -> str:
    return "size not known" if number is None else size(number)
