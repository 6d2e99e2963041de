"""A Cloud Storage with one bucket or many in memory, as far as outcomes need it: list, read, write.

https://cloud.google.com/storage/docs/json_api/v1/objects
"""

import base64
import email
import hashlib
import json
from email import policy
from urllib.parse import unquote

from planner.rehearsal.exchange import Answer, Call

OBJECTS = "/storage/v1/b/"
UPLOAD = "/upload/storage/v1/b/"
DOWNLOAD = "/download/storage/v1/b/"


class ObjectStore:
    """Answers requests of the JSON API; `objects` are the contents by bucket and name."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}

    async def answer(self, call: Call) -> Answer:
        """Answer one request, 404 for whatever is not there."""
        if call.path.startswith(UPLOAD) and call.method == "POST":
            return self._write(call, call.path.removeprefix(UPLOAD).partition("/")[0])
        if call.path.startswith(DOWNLOAD):
            bucket, _, name = call.path.removeprefix(DOWNLOAD).partition("/o/")
            return self._read(bucket, unquote(name))
        bucket, _, rest = call.path.removeprefix(OBJECTS).partition("/")
        if rest == "o":
            return self._list(bucket, call)
        if rest.startswith("o/"):
            return self._described(bucket, unquote(rest[2:]))
        return _json({"kind": "storage#bucket", "name": bucket})

    def _write(self, call: Call, bucket: str) -> Answer:
        head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + call.body, policy=policy.HTTP).iter_parts()
        metadata, content = (part.get_payload(decode=True) for part in parts)
        name = json.loads(metadata)["name"]
        self.objects[bucket, name] = content
        return self._described(bucket, name)

    def _read(self, bucket: str, name: str) -> Answer:
        content = self.objects.get((bucket, name))
        return Answer(404) if content is None else Answer(200, {"Content-Type": "text/plain"}, content)

    def _described(self, bucket: str, name: str) -> Answer:
        content = self.objects.get((bucket, name))
        return Answer(404, body=b"{}") if content is None else _json(_object(bucket, name, content))

    def _list(self, bucket: str, call: Call) -> Answer:
        prefix, delimiter = call.parameter("prefix"), call.parameter("delimiter")
        items, folders = [], set()
        for (place, name), content in sorted(self.objects.items()):
            if place == bucket and name.startswith(prefix):
                rest, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
                if found:
                    folders.add(f"{prefix}{rest}{delimiter}")
                else:
                    items.append(_object(bucket, name, content))
        return _json({"kind": "storage#objects", "items": items, "prefixes": sorted(folders)})


def _object(bucket: str, name: str, content: bytes) -> dict[str, str]:
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    when = "2026-11-30T00:00:00.000Z"
    named = {"kind": "storage#object", "bucket": bucket, "name": name, "generation": "1"}
    return named | {"size": str(len(content)), "md5Hash": digest, "timeCreated": when, "updated": when}


def _json(value: object) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())
