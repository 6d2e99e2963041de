"""What a registry answers to those who write: uploads, mounts, manifests, deletions.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push.
"""

from planner.rehearsal.content import Content, blob_unknown, manifest_unknown
from planner.rehearsal.exchange import Answer, Call, Refusal, is_digest
from planner.rehearsal.storage import Manifest, digest_of
from planner.rehearsal.uploads import Session, Uploads

_LARGEST_MANIFEST = 4 * 1024 * 1024  # bytes; the specification's least upper limit


def put_manifest(call: Call, content: Content) -> Answer:
    """Keep a manifest whose parts are here already."""
    repository = content.writable(call.repository)
    if len(call.body) > _LARGEST_MANIFEST:
        raise Refusal(413, "MANIFEST_INVALID", f"manifest of more than {_LARGEST_MANIFEST} bytes")
    media_type = call.headers.get("content-type", "").partition(";")[0].strip()
    if not media_type:
        raise Refusal(400, "MANIFEST_INVALID", "manifest invalid", detail="no Content-Type")
    algorithm = call.version.partition(":")[0] if is_digest(call.version) else "sha256"
    manifest = Manifest(media_type, call.body, digest_of(call.body, algorithm))
    if is_digest(call.version) and call.version != manifest.digest:
        raise Refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
    content.check(call.repository, call.version, manifest)
    repository.add_manifest(manifest, call.version)
    headers = {
        "Location": f"/v2/{call.repository}/manifests/{manifest.digest}",
        "Docker-Content-Digest": manifest.digest,
    }
    return Answer(201, headers | ({"OCI-Subject": manifest.subject} if manifest.subject else {}))


def delete_manifest(call: Call, content: Content) -> Answer:
    """Forget a tag, or a manifest with all its tags."""
    repository = content.writable(call.repository)
    if repository.find(call.version) is None:
        raise manifest_unknown(call.version)
    if is_digest(call.version):
        repository.remove_manifest(call.version)
    else:
        del repository.tags[call.version]
    return Answer(202)


def delete_blob(call: Call, content: Content) -> Answer:
    """Forget a blob of one repository."""
    repository = content.writable(call.repository)
    if repository.blob(call.version) is None:
        raise blob_unknown(call.version)
    repository.own_blobs.remove(call.version)
    return Answer(202)


def open_upload(call: Call, content: Content, uploads: Uploads, *, mounts: bool, single_post: bool) -> Answer:
    """Begin an upload, unless a mount or the body of this request makes one unnecessary."""
    repository = content.writable(call.repository)
    mounted, digest = call.parameter("mount"), call.parameter("digest")
    if mounts and mounted and (found := _mountable(call, content, mounted)) is not None:
        repository.add_blob(found, mounted)
        return _created(call.repository, mounted)
    session = uploads.open(call.repository)
    if single_post and digest:
        return _finish(session, call, content, uploads)
    return _progress(session, call, uploads, status=202)


def _mountable(call: Call, content: Content, digest: str) -> bytes | None:
    source = call.parameter("from")
    try:
        return content.readable(source).blob(digest) if source else None
    except Refusal:
        return None  # a mount that cannot be made is an upload, not an error


def continue_upload(call: Call, content: Content, uploads: Uploads) -> Answer:
    """Answer a request of an upload session: more bytes, its end, its cancellation, or its state."""
    session = uploads.find(call)
    content.writable(session.repository)
    match call.method:
        case "PATCH":
            uploads.append(session, call)
            return _progress(session, call, uploads, status=202)
        case "PUT":
            return _finish(session, call, content, uploads)
        case "DELETE":
            uploads.close(session)
            return Answer(204)
        case "GET":
            return _progress(session, call, uploads, status=204)
        case _:
            raise Refusal(405, "UNSUPPORTED", "the operation is unsupported")


def _progress(session: Session, call: Call, uploads: Uploads, *, status: int) -> Answer:
    headers = {
        "Location": uploads.location(session, call.origin),
        "Docker-Upload-UUID": session.identifier,
        "Range": session.range,
    }
    return Answer(status, headers)


def _finish(session: Session, call: Call, content: Content, uploads: Uploads) -> Answer:
    """Take the last bytes and keep the blob, if it is what its digest says."""
    digest = call.parameter("digest")
    if not is_digest(digest):
        raise Refusal(400, "DIGEST_INVALID", "provided digest is not one", detail=digest)
    if call.body:
        uploads.append(session, call)
    uploads.close(session)
    blob = bytes(session.content)
    if digest_of(blob, digest.partition(":")[0]) != digest:
        raise Refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content", detail=digest)
    content.writable(session.repository).add_blob(blob, digest)
    return _created(session.repository, digest)


def _created(repository: str, digest: str) -> Answer:
    return Answer(201, {"Location": f"/v2/{repository}/blobs/{digest}", "Docker-Content-Digest": digest})
