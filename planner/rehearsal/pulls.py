"""What a registry answers to those who read: manifests, blobs, tags, referrers.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull and #content-discovery.
"""

import re
from urllib.parse import urlencode

from planner.rehearsal.content import Content, Heading
from planner.rehearsal.exchange import Answer, Call, Refusal, document
from planner.rehearsal.storage import INDEX, MANIFEST, Manifest, Repository

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_OCI = {INDEX: "index", MANIFEST: "manifest"}


async def manifest(call: Call, content: Content, *, strict_accept: bool) -> Answer:
    """Answer a GET or HEAD of a manifest."""
    if call.method == "HEAD":
        heading = await content.heading(call.repository, call.version)
        body = b""
    else:
        found = await content.manifest(call.repository, call.version)
        heading, body = Heading.of(found), found.body
    if strict_accept:
        _check_accept(call, heading.media_type)
    headers = {
        "Content-Type": heading.media_type,
        "Docker-Content-Digest": heading.digest,
        "ETag": f'"{heading.digest}"',
        "Content-Length": str(heading.size),
    }
    return Answer(200, headers, body)


def _check_accept(call: Call, media_type: str) -> None:
    """Refuse an OCI manifest to a client that did not ask for one, as Docker Hub does."""
    if (word := _OCI.get(media_type)) and media_type not in call.headers.get("accept", ""):
        message = f"OCI {word} found, but Accept header does not support OCI {word}s"
        raise Refusal(404, "MANIFEST_UNKNOWN", message)


async def blob(call: Call, content: Content, *, ranges: bool, elsewhere: str) -> Answer:
    """Answer a GET or HEAD of a blob; `elsewhere` is the URL of a store that has the bodies, if any."""
    body = await content.blob(call.repository, call.version)
    headers = {
        "Content-Type": "application/octet-stream",
        "Docker-Content-Digest": call.version,
        "Accept-Ranges": "bytes" if ranges else "none",
    }
    if call.method == "GET" and elsewhere:
        query = urlencode({"repository": call.repository, "signature": call.version[-12:]})
        return Answer(307, {"Location": f"{elsewhere}/{call.version}?{query}"})
    return part(call, body, headers) if ranges else Answer(200, headers, body)


def part(call: Call, body: bytes, headers: dict[str, str]) -> Answer:
    """Return the range of a body that a request asks for, all of it where it asks for none or for several."""
    match = _RANGE.match(call.headers.get("range", "")) if call.method == "GET" else None
    if match is None or not (match[1] or match[2]):
        return Answer(200, headers, body)
    if match[1]:
        start, stop = int(match[1]), int(match[2]) + 1 if match[2] else len(body)
    else:
        start, stop = max(len(body) - int(match[2]), 0), len(body)
    stop = min(stop, len(body))
    if start >= stop:
        unsatisfied = {"Content-Range": f"bytes */{len(body)}"}
        raise Refusal(416, "RANGE_INVALID", "no such range", headers=unsatisfied)
    return Answer(
        206, {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{len(body)}"}, body[start:stop]
    )


def tags(call: Call, content: Content, *, listing: bool = False) -> Answer:
    """Answer a list of tags, one page of it where `n` is given; a `listing` has every manifest beside it."""
    repository = content.readable(call.repository)
    found = sorted(repository.tags)
    last = call.parameter("last")
    page = [tag for tag in found if tag > last]
    headers: dict[str, str] = {}
    if count := call.parameter("n"):
        if not count.isdecimal():
            raise Refusal(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested")
        if int(count) < len(page):
            page = page[: int(count)]
            query = urlencode({"n": count, "last": page[-1] if page else last})
            headers["Link"] = f'</v2/{call.repository}/tags/list?{query}>; rel="next"'
    manifests = {"manifest": _listed(repository), "child": []} if listing else {}
    return document({"name": call.repository, "tags": page, **manifests}).headed(headers)


def _listed(repository: Repository) -> dict[str, dict[str, object]]:
    """Return every manifest by its digest, as Google's registries list them."""
    tags: dict[str, list[str]] = {digest: [] for digest in sorted(repository.manifests)}
    for tag, digest in sorted(repository.tags.items()):
        tags.get(digest, []).append(tag)
    return {
        digest: {
            "tag": names,
            "mediaType": repository.manifests[digest].media_type,
            "imageSizeBytes": str(sum(blob.size for blob in repository.manifests[digest].blobs)),
        }
        for digest, names in tags.items()
    }


def referrers(call: Call, content: Content) -> Answer:
    """Answer what refers to a manifest: an index, empty where nothing does."""
    found = [_descriptor(item) for item in content.readable(call.repository).referrers(call.version)]
    headers: dict[str, str] = {}
    if wanted := call.parameter("artifactType"):
        found = [item for item in found if item.get("artifactType") == wanted]
        headers["OCI-Filters-Applied"] = "artifactType"
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": found}
    return document(index, media_type=INDEX).headed(headers)


def _descriptor(manifest: Manifest) -> dict[str, object]:
    content = manifest.content
    config = content.get("config")
    implied = config.get("mediaType") if isinstance(config, dict) else None
    descriptor: dict[str, object] = {
        "mediaType": manifest.media_type,
        "digest": manifest.digest,
        "size": len(manifest.body),
    }
    if artifact_type := content.get("artifactType", implied):
        descriptor["artifactType"] = artifact_type
    if annotations := content.get("annotations"):
        descriptor["annotations"] = annotations
    return descriptor
