"""Blobs on their way: checked against their descriptor while they pass."""

import hashlib
from collections.abc import AsyncIterator

from planner.errors import RegistryError
from planner.registries._origin import authority, joined, origin
from planner.registries._request import Stream
from planner.registries.answer import Answer, clean
from planner.registries.manifest import Descriptor, digest_of


async def checked(pieces: AsyncIterator[bytes], blob: Descriptor, source: str) -> AsyncIterator[bytes]:
    """Yield the pieces of a blob that `source` sends.

    Raises RegistryError for another size or digest than the descriptor's: as soon as it is too long, else
    after the last piece.
    """
    algorithm, _, _ = blob.digest.partition(":")
    digest, size = hashlib.new(algorithm), 0
    async for piece in pieces:
        size += len(piece)
        if size > blob.size:
            raise longer(blob, source)
        digest.update(piece)
        yield piece
    _check(size, f"{algorithm}:{digest.hexdigest()}", blob, source)


def length(answer: Answer) -> int | None:
    """Return the bytes of a blob according to the headers of an answer; None where they do not tell it."""
    told = answer.headers.get("content-length")
    coded = answer.headers.get("content-encoding") not in ("", "identity")
    return int(told) if told.isascii() and told.isdecimal() and not coded else None


def longer(blob: Descriptor, source: str) -> RegistryError:
    """Return the error for a source that sends more bytes than a blob has."""
    return RegistryError(f"{source} sends more than the {blob.size:,} bytes of {blob.digest}")


def check(content: bytes, blob: Descriptor, source: str) -> None:
    """Raise RegistryError for content that is not the blob."""
    _check(len(content), digest_of(content, like=blob.digest), blob, source)


def _check(size: int, digest: str, blob: Descriptor, source: str) -> None:
    if size != blob.size:
        raise RegistryError(f"{source} sends {size:,} of the {blob.size:,} bytes of {blob.digest}")
    if digest != blob.digest:
        raise RegistryError(f"{source} sends {digest} for {blob.digest}")


async def rest(stream: Stream, start: int, source: str) -> AsyncIterator[bytes]:
    """Yield a blob from byte `start` on, out of an answer with that part (206) or with all of it (200)."""
    answer, skipped = stream.answer, 0
    if answer.status == 206:
        skipped = start
        told = answer.headers.get("content-range")
        if not told.startswith(f"bytes {start}-"):
            raise RegistryError(f"{source} sends {clean(told)!r} of a blob, asked from byte {start}")
    async for piece in stream.pieces:
        passed = min(start - skipped, len(piece))
        skipped += passed
        if passed < len(piece):
            yield piece[passed:] if passed else piece


class Body:
    """A blob as the body of a request. It remembers the error of its source that ended it early.

    The HTTP client would report only that the connection was lost.
    """

    def __init__(self, chunks: AsyncIterator[bytes], size: int) -> None:
        self._chunks = chunks
        self._size = size  # bytes
        self.failure: Exception | None = None
        self.ended = False  # whether all of it was taken

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield exactly `size` bytes, or raise."""
        sent = 0
        try:
            async for chunk in self._chunks:
                sent += len(chunk)
                if sent > self._size:
                    break
                yield chunk
            if sent != self._size:
                raise RegistryError(f"a blob of {self._size:,} bytes was given as {sent:,} bytes or more")
            self.ended = True
        except Exception as error:
            self.failure = error
            raise


def upload_place(url: str, location: str) -> str:
    """Return the URL that an upload goes to: `location` may be relative, and its query has to be kept."""
    if not location:
        raise RegistryError(f"{authority(origin(url))} begins an upload and names no place for it")
    return joined(url, location)


def upload_url(place: str, digest: str) -> str:
    """Return where the whole blob goes, given the place of the upload."""
    place = place.partition("#")[0]
    return f"{place}{'&' if '?' in place else '?'}digest={digest.replace(':', '%3A')}"
