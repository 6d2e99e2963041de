"""A registry: the distribution specification over some content, with the behaviours of one kind of registry.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md. It knows nothing of sockets: `server`
brings calls in from one, and a pull-through repository makes calls of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.rehearsal import pulls, pushes
from planner.rehearsal.content import Content
from planner.rehearsal.counters import Counters
from planner.rehearsal.exchange import Answer, Behaviour, Call, Kind, Refusal, document, locate
from planner.rehearsal.uploads import Place, Uploads

_VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}


@dataclass(frozen=True, slots=True)
class Options:
    """What the specification leaves open."""

    place: Place = Place.RELATIVE  # of uploads
    chunked: bool = True  # uploads in several PATCHes
    single_post: bool = True  # uploads in one POST; otherwise its body is skipped
    mounts: bool = True
    deletes: bool = True
    referrers: bool = True
    listing: bool = False  # whether a list of tags has a map of all manifests, as Google's have
    ranges: bool = True
    strict_accept: bool = False  # whether an OCI manifest is only given to who asks for one
    blobs_elsewhere: str = ""  # the URL that GETs of blobs are sent to with a 307


class Registry:
    """One registry."""

    def __init__(
        self, content: Content, *, options: Options | None = None, behaviours: Sequence[Behaviour] = ()
    ) -> None:
        self.content = content
        self.options = options or Options()
        self.behaviours = tuple(behaviours)
        self.counters = Counters()
        self.uploads = Uploads(self.options.place, self.options.chunked)

    async def answer(self, call: Call) -> Answer:
        """Answer a call; what it may not do or have is an answer too."""
        try:
            call = self._locate(call)
            for behaviour in self.behaviours:
                outcome = behaviour.before(call)
                if isinstance(outcome, Answer):
                    answer = outcome
                    break
                call = outcome
            else:
                answer = await (self._read(call) if call.method in ("GET", "HEAD") else self._write(call))
        except Refusal as refusal:
            answer = refusal.answer()
        for behaviour in reversed(self.behaviours):
            answer = behaviour.after(call, answer)
        self.counters.note(call, answer)
        return answer.headed(_VERSION)

    def _locate(self, call: Call) -> Call:
        if call.kind is Kind.OTHER:
            kind, repository, version = locate(call.path)
            call = replace(call, kind=kind, repository=repository, version=version)
        if call.kind is Kind.UPLOAD and not call.repository:
            call = replace(call, repository=self.uploads.find(call).repository)
        return call

    async def _read(self, call: Call) -> Answer:
        match call.kind:
            case Kind.PING:
                return document({})
            case Kind.MANIFEST:
                return await pulls.manifest(call, self.content, strict_accept=self.options.strict_accept)
            case Kind.BLOB:
                return await pulls.blob(
                    call, self.content, ranges=self.options.ranges, elsewhere=self.options.blobs_elsewhere
                )
            case Kind.TAGS:
                return pulls.tags(call, self.content, listing=self.options.listing)
            case Kind.REFERRERS if self.options.referrers:
                return pulls.referrers(call, self.content)
            case Kind.UPLOAD:
                return pushes.continue_upload(call, self.content, self.uploads)
            case _:
                raise Refusal(404, "NOT_FOUND", "404 page not found")

    async def _write(self, call: Call) -> Answer:
        match call.kind, call.method:
            case Kind.MANIFEST, "PUT":
                return pushes.put_manifest(call, self.content)
            case Kind.MANIFEST, "DELETE" if self.options.deletes:
                return pushes.delete_manifest(call, self.content)
            case Kind.BLOB, "DELETE" if self.options.deletes:
                return pushes.delete_blob(call, self.content)
            case Kind.UPLOAD, "POST" if not call.version:
                return pushes.open_upload(
                    call,
                    self.content,
                    self.uploads,
                    mounts=self.options.mounts,
                    single_post=self.options.single_post,
                )
            case Kind.UPLOAD, "PATCH" | "PUT" | "DELETE" if call.version:
                return pushes.continue_upload(call, self.content, self.uploads)
            case _:
                raise Refusal(405, "UNSUPPORTED", "the operation is unsupported")
