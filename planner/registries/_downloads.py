"""Downloads: a blob as it comes, and the rest of it from where it broke off."""

from collections.abc import AsyncGenerator

from planner.errors import Unavailable
from planner.model.reference import Reference
from planner.registries._auth import Access
from planner.registries._blob import check, longer, rest
from planner.registries._refusal import refusal
from planner.registries._request import Overlong, Slot
from planner.registries._session import Session
from planner.registries.manifest import Descriptor

SMALL = 512 << 10  # bytes; what is held as a whole rather than in pieces
_PROGRESS = 1 << 20  # bytes; a blob that breaks off again after so many has made progress
_BREAKS = 5  # in a row, without progress, before a blob is given up
_NO_PART = 416  # Range Not Satisfiable


async def fetched(session: Session, repository: Reference, blob: Descriptor) -> bytes:
    """Return a small blob at once, checked. Raises RegistryError, also for another size or digest."""
    path = f"/v2/{repository.repository}/blobs/{blob.digest}"
    try:
        answer = await session.ask(Access.to(repository), "GET", path, largest=blob.size, slot=Slot.DOWNLOAD)
    except Overlong:
        raise longer(blob, repository.registry) from None
    if answer.status != 200:
        raise refusal(answer, f"{repository.name}@{blob.digest}")
    check(answer.body, blob, repository.registry)
    return answer.body


async def downloaded(
    session: Session, repository: Reference, blob: Descriptor
) -> AsyncGenerator[bytes, None]:
    """Yield a blob as a registry sends it; where it breaks off, the registry is asked for the rest.

    A registry that gives no part of a blob is asked for all of it again, of which the new bytes are yielded.
    Size and digest are not checked. Raises RegistryError.
    """
    access, path = Access.to(repository), f"/v2/{repository.repository}/blobs/{blob.digest}"
    received, at, breaks, whole = 0, 0, 0, False
    while True:
        begun = False
        try:
            async with session.stream(access, path, 0 if whole else received) as stream:
                if stream.answer.status == _NO_PART and received and not whole:
                    whole = True
                    continue
                if stream.answer.status not in (200, 206):
                    raise refusal(stream.answer, f"{repository.name}@{blob.digest}")
                begun = True  # until here the transport has tried often enough
                async for piece in rest(stream, received, repository.registry):
                    received += len(piece)
                    yield piece
        except Unavailable:
            breaks = 1 if received - at >= _PROGRESS else breaks + 1
            at = received
            if not (begun or received) or breaks >= _BREAKS:
                raise
            if received < blob.size:
                if breaks > 1:
                    await session.pause(breaks - 1)
                continue
        return
