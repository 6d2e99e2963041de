"""What the hosts of Artifact Registry serve: `/v2/PROJECT/REPOSITORY/IMAGE`, by the mode of the repository.

https://cloud.google.com/artifact-registry/docs/docker/names. A repository that is not there is answered
like one that may not be used.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from planner.rehearsal.content import Content, Heading, Stored, not_fetched
from planner.rehearsal.directory import DOWNLOAD, UPLOAD, Directory
from planner.rehearsal.exchange import Refusal
from planner.rehearsal.pull_through import PullThrough, Upstream
from planner.rehearsal.repositories import Mode, Record, Repositories, resource_name
from planner.rehearsal.storage import Manifest, Repository

_NO_IMAGE = (
    "Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE"
)
_DEPTH = 8  # virtual repositories behind virtual repositories


@dataclass(slots=True)
class Contents:
    """The content of every repository, whatever its mode."""

    repositories: Repositories
    upstream: Callable[[str], Upstream]  # from DOCKER_HUB or a URL
    _remote: dict[str, PullThrough] = field(default_factory=dict)

    def of(self, record: Record, depth: int = 0) -> Content:
        """Return what a repository serves."""
        match record.mode:
            case Mode.REMOTE_REPOSITORY:
                kept = self._remote.get(record.name)
                if kept is None or kept.storage is not record.storage:
                    kept = PullThrough(record.storage, self.upstream(record.remote))
                    self._remote[record.name] = kept
                return kept
            case Mode.VIRTUAL_REPOSITORY:
                return _Virtual(tuple(self._behind(record, depth)))
            case _:
                return _Standard(record.storage, record)

    def _behind(self, record: Record, depth: int) -> list[Content]:
        found = [self.repositories.find(upstream.repository) for upstream in record.upstreams]
        return [self.of(item, depth + 1) for item in found if item and depth < _DEPTH]


@dataclass(frozen=True, slots=True)
class _Standard(Stored):
    """A repository that images are pushed to."""

    record: Record

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        """Raise Refusal for what Artifact Registry refuses although the specification allows it."""
        repository = self.writable(name)
        repository.check(manifest)
        for config in manifest.blobs[:1]:
            size = len(repository.blob(config.digest) or b"")
            if size != config.size:
                message = f"config file size ({size} bytes) does not match the config descriptor size"
                raise Refusal(400, "MANIFEST_INVALID", f"{message} ({config.size} bytes)")
        if self.record.immutable_tags and repository.tags.get(version, manifest.digest) != manifest.digest:
            message = f"cannot update tag {version}. The repository has enabled tag immutability"
            raise Refusal(400, "MANIFEST_INVALID", message)


@dataclass(frozen=True, slots=True)
class _Virtual:
    """Several repositories behind one name: the first that has something serves it."""

    behind: tuple[Content, ...]

    async def heading(self, name: str, version: str) -> Heading:
        refusal = not_fetched(name, version)
        for content in self.behind:
            try:
                return await content.heading(name, version)
            except Refusal as error:
                refusal = _graver(refusal, error)
        raise refusal

    async def manifest(self, name: str, version: str) -> Manifest:
        refusal = not_fetched(name, version)
        for content in self.behind:
            try:
                return await content.manifest(name, version)
            except Refusal as error:
                refusal = _graver(refusal, error)
        raise refusal

    async def blob(self, name: str, digest: str) -> bytes:
        refusal = Refusal(404, "BLOB_UNKNOWN", "blob unknown to registry", detail={"digest": digest})
        for content in self.behind:
            try:
                return await content.blob(name, digest)
            except Refusal as error:
                refusal = _graver(refusal, error)
        raise refusal

    def readable(self, name: str) -> Repository:
        """Return all tags, those of the first one asked before the others."""
        merged = Repository({})
        for content in reversed(self.behind):
            try:
                part = content.readable(name)
            except Refusal:
                continue
            merged.tags |= part.tags
            merged.manifests |= part.manifests
        return merged

    def writable(self, name: str) -> Repository:
        raise Refusal(400, "UNSUPPORTED", f"{name}: a virtual repository cannot be pushed to")

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        del version, manifest
        self.writable(name)


def _graver(first: Refusal, second: Refusal) -> Refusal:
    """Return the more serious refusal: an absence says less than a source that could not be asked."""
    return first if second.status == 404 else second


@dataclass(frozen=True, slots=True)
class ArtifactContent:
    """Everything that one LOCATION-docker.pkg.dev serves."""

    location: str
    contents: Contents
    directory: Directory = field(default_factory=Directory)

    async def heading(self, name: str, version: str) -> Heading:
        """Return what is known of a manifest."""
        content, image = self._locate(name, DOWNLOAD)
        try:
            return await content.heading(image, version)
        except Refusal as refusal:
            raise _in_google_words(refusal, name, version) from refusal

    async def manifest(self, name: str, version: str) -> Manifest:
        """Return a manifest."""
        content, image = self._locate(name, DOWNLOAD)
        try:
            return await content.manifest(image, version)
        except Refusal as refusal:
            raise _in_google_words(refusal, name, version) from refusal

    async def blob(self, name: str, digest: str) -> bytes:
        """Return a blob."""
        content, image = self._locate(name, DOWNLOAD)
        return await content.blob(image, digest)

    def readable(self, name: str) -> Repository:
        """Return an image's tags and referrers."""
        content, image = self._locate(name, DOWNLOAD)
        return content.readable(image)

    def writable(self, name: str) -> Repository:
        """Return what an image is pushed to."""
        content, image = self._locate(name, UPLOAD)
        return content.writable(image)

    def check(self, name: str, version: str, manifest: Manifest) -> None:
        """Raise Refusal for a manifest that must not be pushed."""
        content, image = self._locate(name, UPLOAD)
        content.check(image, version, manifest)

    def permit(self, account: str, name: str, action: str) -> bool:
        """Return True where an account may do something. Raises Refusal where it may not.

        A member of the directory (`KIND:NAME`) may do what policies allow, any other account everything, and
        whoever has none may read what is public.
        """
        resource, _ = self._split(name)
        record = self.contents.repositories.find(resource)
        if action == "pull" and record is not None and record.public:
            return True
        permission = DOWNLOAD if action == "pull" else UPLOAD
        if ":" in account:
            if record and self.directory.may(account, permission, record.name, record.policy):
                return True
            raise _denied(permission, resource)
        if account:
            return True
        message = "Unauthenticated request. Unauthenticated requests do not have permission"
        raise Refusal(
            403, "DENIED", f'{message} "{permission}" on resource "{resource}" (or it may not exist)'
        )

    def _locate(self, name: str, permission: str) -> tuple[Content, str]:
        resource, image = self._split(name)
        record = self.contents.repositories.find(resource)
        if record is None:
            raise _denied(permission, resource)
        return self.contents.of(record), image

    def _split(self, name: str) -> tuple[str, str]:
        """Return the resource name of the repository and the image; a dot makes a domain-scoped project."""
        parts = name.split("/")
        start = 2 if "." in parts[0] else 1
        if len(parts) < start + 2:
            raise Refusal(400, "NAME_INVALID", _NO_IMAGE)
        resource = resource_name(":".join(parts[:start]), self.location, parts[start])
        return resource, "/".join(parts[start + 1 :])


def _denied(permission: str, resource: str) -> Refusal:
    message = f'Permission "{permission}" denied on resource "{resource}" (or it may not exist)'
    return Refusal(403, "DENIED", message)


def _in_google_words(refusal: Refusal, name: str, version: str) -> Refusal:
    return not_fetched(name, version) if refusal.status == 404 else refusal
