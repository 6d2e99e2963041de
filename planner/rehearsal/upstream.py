"""An upstream that is reached over HTTP: what a remote repository pulls from when it is given a URL.

Anonymous: a challenge is answered with the token that its realm gives to everyone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from planner.rehearsal.content import Heading
from planner.rehearsal.exchange import Answer, Kind
from planner.rehearsal.pull_through import MEDIA_TYPES, refused
from planner.rehearsal.storage import Manifest, digest_of

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_TIMEOUT = aiohttp.ClientTimeout(total=60)  # seconds


@dataclass(frozen=True, slots=True)
class HttpUpstream:
    """A registry at a URL."""

    url: str

    async def heading(self, name: str, version: str) -> Heading:
        """Ask with a HEAD."""
        answer = await self._ask("HEAD", Kind.MANIFEST, name, version)
        headers = answer.headers
        return Heading(
            headers["content-type"], headers["docker-content-digest"], int(headers["content-length"])
        )

    async def manifest(self, name: str, version: str) -> Manifest:
        """Pull a manifest."""
        answer = await self._ask("GET", Kind.MANIFEST, name, version)
        return Manifest(answer.headers["content-type"], answer.body, digest_of(answer.body))

    async def blob(self, name: str, digest: str) -> bytes:
        """Fetch a blob."""
        return (await self._ask("GET", Kind.BLOB, name, digest)).body

    async def _ask(self, method: str, kind: Kind, name: str, version: str) -> Answer:
        path = f"{self.url}/v2/{name}/{'blobs' if kind is Kind.BLOB else 'manifests'}/{version}"
        accept = {"Accept": ", ".join(MEDIA_TYPES)}
        try:
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
                answer = await _send(session, method, path, accept)
                if answer.status == 401:
                    token = await _token(session, answer.headers.get("www-authenticate", ""))
                    answer = await _send(
                        session, method, path, {**accept, "Authorization": f"Bearer {token}"}
                    )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise refused(503, kind, name, version) from error
        if answer.status != 200:
            raise refused(answer.status, kind, name, version)
        return answer


async def _send(session: aiohttp.ClientSession, method: str, url: str, headers: Mapping[str, str]) -> Answer:
    async with session.request(method, url, headers=headers) as response:
        received = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, received, await response.read())


async def _token(session: aiohttp.ClientSession, challenge: str) -> str:
    parameters = dict(_PARAMETER.findall(challenge))
    query = {name: parameters[name] for name in ("service", "scope") if name in parameters}
    async with session.get(parameters.get("realm", ""), params=query) as response:
        content = await response.json()
        return str(content.get("token", ""))
