"""Registries that follow the OCI distribution specification: manifests, blobs and tags of any host.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager, aclosing, asynccontextmanager

from msgspec import structs

from planner import clock
from planner.errors import RegistryError
from planner.model.artifact import of_heading
from planner.model.availability import Absence, Probe, PullLimit, Status
from planner.model.diagnosis import Counting
from planner.model.reference import DOCKER_HUB, Reference
from planner.registries._auth import Access, Authorizer, CredentialsRefused, GoogleDefault
from planner.registries._blob import checked, length
from planner.registries._downloads import SMALL, downloaded, fetched
from planner.registries._listing import referrers, tags
from planner.registries._origin import origin
from planner.registries._refusal import refusal, words
from planner.registries._session import Session
from planner.registries._transport import Transport
from planner.registries._unserved import NO_REPOSITORY, unserved
from planner.registries._uploads import Begun, Read, Uploads
from planner.registries.answer import Answer, clean, is_page, shown
from planner.registries.docker_hub import COUNTED, HubLimit, read_limit
from planner.registries.endpoints import Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import (
    ACCEPT,
    KNOWN,
    LARGEST,
    Descriptor,
    Manifest,
    comparable,
    digest_of,
    is_digest,
    listed,
    read,
)
from planner.registries.retry import Policy

__all__ = ["SMALL", "Begun", "Descriptor", "Manifest", "Registries", "connect"]

_ACCEPT = (("Accept", ACCEPT),)
_NO_HEAD = frozenset({405, 501})  # of servers that know no HEAD


class Registries:
    """All registries behind one transport."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._uploads = Uploads(session)

    @property
    def pull_limit(self) -> PullLimit | None:
        """What Docker Hub's headers last said; None where they said nothing."""
        return self._session.pull_limit

    def one_image(self) -> AbstractContextManager[None]:
        """Count all that is asked in a block as one image's; one that takes too long raises Unavailable."""
        return self._session.one_image()

    def redact(self, said: str) -> str:
        """Return what a registry said without the secrets it was sent."""
        return self._session.redact(said)

    async def docker_hub_limit(self) -> HubLimit:
        """Ask Docker Hub for the pull limit of whoever runs this; that costs no pull.

        Raises ConfigError only, as `head`.
        """
        reference = Reference(DOCKER_HUB, COUNTED, "latest")
        try:
            answer = await self._session.ask(
                Access.to(reference), "HEAD", _manifest(reference), headers=_ACCEPT
            )
        except RegistryError as error:
            refused = isinstance(error, CredentialsRefused)
            return HubLimit(Counting.UNKNOWN, detail=error.message, refused=refused)
        found = read_limit(answer, moved=self._session.moved(DOCKER_HUB))
        limit = found.limit and structs.replace(found.limit, source=self._session.redact(found.limit.source))
        return structs.replace(found, limit=limit, detail=self._session.redact(found.detail))

    async def head(self, reference: Reference) -> Probe:
        """Ask whether a registry has a manifest. What it says, or fails to say, is the value.

        Raises ConfigError only: for an endpoint or credentials that are set up wrongly on this side.
        """
        started = clock.monotonic()
        try:
            answer = await self._session.ask(
                Access.to(reference), "HEAD", _manifest(reference), headers=_ACCEPT
            )
            if answer.status != 200 and not _takes_no_head(reference, answer):
                raise refusal(answer, str(reference))
            digest, media_type = await self._present(reference, answer)
        except RegistryError as error:
            return unserved(reference, error, _milliseconds(started))
        return Probe(
            reference,
            Status.PRESENT,
            clock.now(),
            digest,
            media_type,
            code=200,
            elapsed=_milliseconds(started),
            host=answer.host,
            artifact=of_heading(media_type or "", reference.tag or ""),
        )

    async def why_missing(self, reference: Reference) -> tuple[Absence | None, str]:
        """Return why a manifest is missing, and the registry's own words.

        Asks for a list of one tag, which is no pull. Raises RegistryError.
        """
        path = f"/v2/{reference.repository}/tags/list?n=1"
        answer = await self._session.ask(Access.to(reference), "GET", path, largest=LARGEST)
        if answer.status == 200:
            return Absence.NO_VERSION, ""
        said = words(answer)
        return (Absence.NO_REPOSITORY if NO_REPOSITORY in said else None), said

    async def lists(self, reference: Reference) -> bool:
        """Tell whether a registry of Google's lists a digest among what it keeps, which is no pull."""
        return reference.digest in await self.kept(reference)

    async def kept(self, reference: Reference) -> frozenset[str]:
        """Return the digests that a registry of Google's says it keeps of a repository, which is no pull.

        Their list of tags has a map of all manifests (https://github.com/google/go-containerregistry,
        `pkg/v1/google`), and a remote repository's has only those it need not fetch.
        """
        path = f"/v2/{reference.repository}/tags/list"
        answer = await self._session.ask(Access.to(reference), "GET", path, largest=LARGEST)
        if answer.status != 200:
            raise refusal(answer, str(reference))
        return listed(answer.body)

    def tags(self, repository: Reference, after: str = "") -> AsyncIterator[str]:
        """Yield the tags of a repository, which is no pull; with `after`, those listed behind that one."""
        return tags(self._session, repository, after)

    async def referrers(self, subject: Reference) -> tuple[Descriptor, ...] | None:
        """Return the manifests that are about one, by its digest; None where a registry keeps no list."""
        return await referrers(self._session, subject)

    async def manifest(self, reference: Reference) -> Manifest:
        """Fetch a manifest and check its digest; at Docker Hub this is what counts as a pull."""
        answer = await self._session.ask(
            Access.to(reference), "GET", _manifest(reference), headers=_ACCEPT, largest=LARGEST
        )
        if answer.status != 200:
            raise refusal(answer, str(reference))
        if is_page(answer):
            said = self._session.redact(shown(answer))
            raise RegistryError(f"{reference}: the answer is a page of HTML: {said}")
        told = answer.headers.get("docker-content-digest")
        expected = reference.digest or (told if is_digest(told) else "sha256:")
        digest = digest_of(answer.body, like=expected)
        if digest != expected != "sha256:":
            raise RegistryError(f"{reference}: the registry sends {digest} for {expected}")
        try:
            return read(answer.body, answer.headers.get("content-type"), digest)
        except RegistryError as error:
            said = self._session.redact(error.message)
            raise RegistryError(f"{reference}: {said}", hint=error.hint) from None

    async def has_blob(self, repository: Reference, digest: str) -> bool:
        """Ask whether a repository has a blob."""
        answer = await self._session.ask(Access.to(repository), "HEAD", f"{_blobs(repository)}{digest}")
        if answer.status not in (200, 404):
            raise refusal(answer, f"{repository.name}@{digest}")
        return answer.status == 200

    async def has_whole_blob(self, repository: Reference, blob: Descriptor) -> bool:
        """Ask whether a repository has a blob, of its size as far as that is told; the blob is not read.

        Some registries tell the length of a HEAD's own body, which is 0, so another length than the blob's is
        asked for again with a GET. Raises RegistryError for a blob of another size.
        """
        path = f"{_blobs(repository)}{blob.digest}"
        answer = await self._session.ask(Access.to(repository), "HEAD", path)
        if answer.status == 200 and length(answer) not in (None, blob.size):
            async with self._session.stream(Access.to(repository), path) as stream:
                answer = stream.answer
            found = length(answer) if answer.status == 200 else None
            if found not in (None, blob.size):
                raise RegistryError(
                    f"{repository.name} has {found:,} of the {blob.size:,} bytes of {blob.digest}"
                )
        if answer.status not in (200, 404):
            raise refusal(answer, f"{repository.name}@{blob.digest}")
        return answer.status == 200

    async def small_blob(self, repository: Reference, blob: Descriptor) -> bytes:
        """Return a blob of up to SMALL bytes at once."""
        return await fetched(self._session, repository, blob)

    async def blob(self, repository: Reference, blob: Descriptor) -> AsyncGenerator[bytes, None]:
        """Yield a blob in pieces; raises RegistryError, at its end at the latest, for a wrong one."""
        async with aclosing(downloaded(self._session, repository, blob)) as pieces:
            async for piece in checked(pieces, blob, repository.registry):
                yield piece

    async def blob_host(self, repository: Reference, digest: str) -> str:
        """Return the host that a blob is sent from, which may not be the registry's; the blob is not read."""
        async with self._session.stream(Access.to(repository), f"{_blobs(repository)}{digest}") as stream:
            if stream.answer.status != 200:
                raise refusal(stream.answer, f"{repository.name}@{digest}")
            return origin(stream.answer.url)[1]

    async def begin(
        self, repository: Reference, digest: str, source: Reference | None = None
    ) -> Begun | None:
        """Begin to send a blob; None where it is there now: mounted from `source`, or there before."""
        return await self._uploads.begin(repository, digest, source)

    async def cancel(self, begun: Begun) -> None:
        """Give up an upload."""
        await self._uploads.cancel(begun)

    async def upload(
        self, repository: Reference, blob: Descriptor, read: Read, begun: Begun | None = None
    ) -> None:
        """Send a blob. `read` is called for each try: a registry may lose it, or want it in another way."""
        await self._uploads.send(repository, blob, read, begun)

    async def put_manifest(self, reference: Reference, manifest: Manifest) -> str:
        """Send a manifest, under its tag where the reference has one, and return its digest."""
        if reference.digest not in (None, manifest.digest):
            raise RegistryError(f"{reference}: the manifest to send is {manifest.digest}")
        name = reference.tag or manifest.digest
        answer = await self._session.ask(
            Access.to(reference, "pull,push"),
            "PUT",
            f"/v2/{reference.repository}/manifests/{name}",
            headers=(("Content-Type", manifest.media_type),),
            body=manifest.body,
        )
        if answer.status // 100 != 2:  # some say 202 or 204; whoever copies looks whether it is there
            raise refusal(answer, str(reference))
        if is_page(answer):
            said = self._session.redact(shown(answer))
            raise RegistryError(f"{reference}: the answer is a page of HTML: {said}")
        told = answer.headers.get("docker-content-digest")
        if told and not manifest.is_called(told):
            said = self._session.redact(clean(told))
            raise RegistryError(f"{reference}: the registry took {manifest.digest} for {said}")
        return manifest.digest

    async def _present(self, reference: Reference, answer: Answer) -> tuple[str, str | None]:
        """Return the digest and the media type of what is there."""
        told = answer.headers.get("content-type").partition(";")[0]
        media_type = told if told in KNOWN else self._session.redact(clean(told)) or None
        digest = answer.headers.get("docker-content-digest")
        if answer.status != 200 or not is_digest(digest):
            if reference.registry == DOCKER_HUB:  # asking for the body would cost a pull
                page = "; it is a page of HTML" if is_page(answer) else ""
                raise RegistryError(f"{reference}: the answer names no digest{page}")
            manifest = await self.manifest(reference)
            digest, media_type = manifest.digest, manifest.media_type
        if reference.digest and digest != reference.digest and comparable(digest, reference.digest):
            raise RegistryError(f"{reference}: the registry answers {digest}")
        return digest, media_type


def _takes_no_head(reference: Reference, answer: Answer) -> bool:
    """Tell whether a registry has to be asked with a GET, which at Docker Hub would cost a pull."""
    return answer.status in _NO_HEAD and reference.registry != DOCKER_HUB


def _milliseconds(started: float) -> int:
    return round(1000 * (clock.monotonic() - started))


def _manifest(reference: Reference) -> str:
    return f"/v2/{reference.repository}/manifests/{reference.version}"


def _blobs(repository: Reference) -> str:
    return f"/v2/{repository.repository}/blobs/"


@asynccontextmanager
async def connect(
    endpoints: Endpoints | None = None,
    *,
    policy: Policy | None = None,
    keychain: Keychain | None = None,
    google: GoogleDefault | None = None,
) -> AsyncIterator[Registries]:
    """Open the registries; they are closed at the end of the block."""
    places = endpoints or Endpoints()
    async with Transport(policy, places.limits()) as transport:
        auth = Authorizer(transport, places, keychain or Keychain(), google)
        yield Registries(Session(transport, places, auth))
