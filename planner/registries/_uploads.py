"""Uploads: how a blob gets into a repository: by a mount, as one body, or in chunks where that is wanted.

One body is what every registry takes and the only thing that Artifact Registry does
(https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs). A body that was sent
cannot be sent again, so each new try reads the blob from its beginning.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import msgspec

from planner.errors import RegistryError, Unauthorized, Unavailable
from planner.model.reference import Reference
from planner.registries._auth import Access
from planner.registries._blob import Body, upload_url
from planner.registries._refusal import refusal
from planner.registries._request import Fault, Header
from planner.registries._session import Renewed, Session
from planner.registries.answer import Answer
from planner.registries.manifest import Descriptor, comparable, is_digest
from planner.registries.retry import REPEATABLE

Read = Callable[[], AsyncGenerator[bytes, None]]  # reads a blob from its beginning, each time it is called

_BEGINNINGS = 6  # tries of one upload: some are lost, some show how large a body may be
_CHUNK = 16 << 20  # bytes, where a registry takes no larger body; Cloud Run passes on 32 MiB
_SMALLEST = 64 << 10  # bytes; a registry that takes no chunk of these takes none
_SMALLER = 4  # times, after a chunk that was too large
_ONE_BODY = 0  # the size of the chunks of an upload that has none
_TOO_LARGE = 413
_NOT_AS_ONE = frozenset({405, 411, _TOO_LARGE, 416, 501})
_DIGITS = 12  # of a size that is believed
_OCTETS = (("Content-Type", "application/octet-stream"),)


class Begun(msgspec.Struct, frozen=True):
    """An upload that a registry waits for."""

    access: Access
    place: str  # may hold a signature
    least: int = 0  # bytes of a chunk, except the last one, which may be smaller


class _Again(Exception):
    """An upload came to nothing, and may be started again with chunks of this size."""

    def __init__(self, error: RegistryError, chunk: int, *, lost: bool = False, waits: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.chunk = chunk  # bytes
        self.lost = lost  # the registry forgot it: the first time, nothing speaks against the same again
        self.waits = waits  # the registry is in trouble
        self.tries = error.tries if isinstance(error, Fault) else _BEGINNINGS  # that such trouble is worth


class Uploads:
    """Sends blobs, and remembers which registries want them in chunks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._chunks: dict[str, int] = {}  # bytes, by registry

    async def begin(self, repository: Reference, digest: str, source: Reference | None) -> Begun | None:
        """Begin an upload; None where the blob could be mounted from `source` instead, and so is there."""
        if source is not None and source.registry == repository.registry:
            access = _mounting(repository, source)
            answer = await self._mount(access, repository, digest, source)
            if answer and answer.status == 201:
                return None
            if answer and answer.status == 202:
                return self._begun(access, answer)
        access = Access.to(repository, "pull,push")
        answer = await self._session.ask(access, "POST", _place(repository), headers=_OCTETS)
        if answer.status != 202:
            raise refusal(answer, f"{repository.name}@{digest}")
        return self._begun(access, answer)

    async def cancel(self, begun: Begun) -> None:
        """Give up an upload; a registry forgets it by itself, should this fail."""
        await self._session.cancel(begun.access, begun.place)

    async def send(self, repository: Reference, blob: Descriptor, read: Read, begun: Begun | None) -> None:
        """Send a blob, from its beginning again where the registry lost it or wants it in another way.

        What `read` raises is raised as it is, and nothing is started again.
        """
        chunk, lost = self._chunks.get(repository.registry, _ONE_BODY), False
        for number in range(1, _BEGINNINGS + 1):
            upload = begun or await self.begin(repository, blob.digest, None)
            begun = None
            try:
                if upload is not None:
                    await self._sent(upload, f"{repository.name}@{blob.digest}", blob, read, chunk)
            except _Again as again:
                most = min(again.tries, self._session.tries) if again.waits else _BEGINNINGS
                if number >= most:
                    raise again.error from None
                if again.waits:
                    await self._session.pause(number)
                chunk = chunk if again.lost and not lost else again.chunk
                lost = again.lost
            else:
                self._chunks[repository.registry] = chunk
                return

    async def _mount(
        self, access: Access, repository: Reference, digest: str, source: Reference
    ) -> Answer | None:
        """Ask for a mount; None where no token is given for both: a push alone may be allowed."""
        query = f"mount={digest}&from={source.repository}"  # by their grammars, neither needs quoting
        try:
            answer = await self._session.ask(access, "POST", f"{_place(repository)}?{query}", headers=_OCTETS)
        except Unauthorized:
            return None
        if answer.status >= 500:
            raise refusal(answer, f"{repository.name}@{digest}")
        return answer

    def _begun(self, access: Access, answer: Answer) -> Begun:
        told = answer.headers.get("oci-chunk-min-length")
        least = int(told) if told.isascii() and told.isdecimal() and len(told) < _DIGITS else 0
        return Begun(access, self._session.place(access, answer), least)

    async def _sent(self, begun: Begun, subject: str, blob: Descriptor, read: Read, chunk: int) -> None:
        """Send a blob once. Raises _Again where it may be sent in another way, or at another time."""
        async with aclosing(read()) as pieces:  # a download that is left waiting keeps others from beginning
            await self._sent_once(begun, subject, blob, pieces, chunk)

    async def _sent_once(
        self, begun: Begun, subject: str, blob: Descriptor, pieces: AsyncIterator[bytes], chunk: int
    ) -> None:
        body, least = Body(pieces, blob.size), max(chunk, begun.least)
        try:
            if chunk == _ONE_BODY or blob.size <= least:
                headers, url = _sized(blob.size), upload_url(begun.place, blob.digest)
                answer = await self._session.send(begun.access, "PUT", url, headers, body.pieces())
            else:
                answer = await self._in_chunks(begun, blob, Cut(body.pieces()), least)
        except RegistryError as error:
            await self.cancel(begun)
            if body.failure:
                raise body.failure from None
            if isinstance(error, Renewed):
                raise _Again(error, chunk) from None
            if isinstance(error, Unavailable):
                raise _Again(error, chunk, waits=True) from None
            raise
        if answer.status != 201:
            await self._not_taken(begun, answer, refusal(answer, subject), blob.size, chunk)
        await self._check_taken(begun, answer, subject, blob, ended=body.ended)

    async def _check_taken(
        self, begun: Begun, answer: Answer, subject: str, blob: Descriptor, *, ended: bool
    ) -> None:
        """Raise RegistryError for a registry that took something else, or says 201 before it was sent all."""
        told = answer.headers.get("docker-content-digest")
        if is_digest(told) and told != blob.digest and comparable(told, blob.digest):
            raise RegistryError(f"{subject}: the registry took it for {told}")
        if ended:
            return
        access = begun.access  # it may have had the blob all the time, and need no more of it
        path = f"/v2/{access.repository}/blobs/{blob.digest}"
        if (await self._session.ask(access, "HEAD", path)).status != 200:
            raise RegistryError(f"{subject}: the registry says it has it before all of it was sent")

    async def _in_chunks(self, begun: Begun, blob: Descriptor, cut: "Cut", chunk: int) -> Answer:
        """Send all but the end of a blob by PATCHes; return the last answer, or the first refusal."""
        place, sent = begun.place, 0
        while blob.size - sent > chunk:
            headers = _sized(chunk, sent)
            answer = await self._session.send(begun.access, "PATCH", place, headers, cut.take(chunk))
            if answer.status != 202:
                return answer
            place = self._session.place(begun.access, answer)
            sent += chunk
        headers, url = _sized(blob.size - sent, sent), upload_url(place, blob.digest)
        return await self._session.send(begun.access, "PUT", url, headers, cut.take(None))

    async def _not_taken(
        self, begun: Begun, answer: Answer, error: RegistryError, size: int, chunk: int
    ) -> None:
        """Raise what a refusal means for the next try, or the refusal itself where there is none."""
        if answer.status == 404:  # forgotten; some registries never take one body after a POST
            raise _Again(error, _ONE_BODY if chunk else _CHUNK, lost=True)
        await self.cancel(begun)
        if answer.status in REPEATABLE:
            raise _Again(error, chunk, waits=True)
        if answer.status == 416 and (chunk or size <= _SMALLEST):
            raise _Again(error, chunk)
        if answer.status in _NOT_AS_ONE and not chunk and size > _SMALLEST:
            raise _Again(error, max(min(_CHUNK, size // _SMALLER), _SMALLEST))
        if answer.status == _TOO_LARGE and chunk // _SMALLER >= max(begun.least, _SMALLEST):
            raise _Again(error, chunk // _SMALLER)
        raise error


class Cut:
    """The pieces of a blob, taken a chunk at a time."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    async def take(self, size: int | None) -> AsyncIterator[bytes]:
        """Yield the next bytes, of which there have to be so many; None: all that are left."""
        left = size
        while left is None or left > 0:
            piece = self._rest or await anext(self._pieces, b"")
            if not piece:
                return
            taken = piece if left is None else piece[:left]
            self._rest = piece[len(taken) :]
            left = None if left is None else left - len(taken)
            yield taken


def _sized(size: int, start: int | None = None) -> tuple[Header, ...]:
    """Return the headers of a body; `start` is its first byte in the blob, where it is not all of it."""
    part = () if start is None else (("Content-Range", f"{start}-{start + size - 1}"),)
    return (*_OCTETS, ("Content-Length", str(size)), *part)


def _place(repository: Reference) -> str:
    return f"/v2/{repository.repository}/blobs/uploads/"


def _mounting(repository: Reference, source: Reference) -> Access:
    """Return the access that a mount takes; one from the repository itself only asks whether it is there."""
    others = () if source.repository == repository.repository else (source.repository,)
    return Access.to(repository, "pull,push", *others)
