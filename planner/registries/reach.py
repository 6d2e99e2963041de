"""Which hosts can be reached: each is asked once, all at the same time, anonymously, and no pull is spent.

A registry is pinged, and the server of its tokens is the one that it names; of hosts that only serve blobs or
an API, any answer will do. Where Docker Hub sends who wants a blob is seen from a real blob. Its digest is
read at the mirror, because reading a manifest at Docker Hub is a pull.
https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from planner.errors import ConfigError, RegistryError
from planner.model.availability import Status
from planner.model.diagnosis import Counting, Reach, Reached
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.registries._challenge import challenges
from planner.registries._origin import Origin, check_hop, joined, origin
from planner.registries._request import Fault, Request
from planner.registries._token import Realm, token_request
from planner.registries._transport import Transport
from planner.registries.answer import Answer
from planner.registries.docker_hub import HubLimit
from planner.registries.endpoints import Endpoints
from planner.registries.google_credentials import unusable
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.registries.proxy import proxies, proxy_for, shown
from planner.registries.retry import Policy

API = "artifactregistry.googleapis.com"
TOKENS, BLOBS, SOME_BLOBS = "Docker Hub: tokens", "Docker Hub: blobs", "Docker Hub: some blobs"
# Which one it is depends on the place, the account, the blob: https://docs.docker.com/desktop/setup/allow-list/
BLOB_HOSTS = (
    "production.cloudflare.docker.com",
    "production.cloudfront.docker.com",
    "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
)
_API = "Artifact Registry API"
_TOKENS = "https://auth.docker.io/token?service=registry.docker.io"
_SMALL = "library/hello-world"  # an image whose blobs are as small as the question
_REGISTRY = frozenset({200, 401})  # what a registry says to a ping
_NOT_AN_API = frozenset({403, 407, 451})  # what a firewall says in its place


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answered. `ahead` is by how many seconds this machine's clock is before the host's."""

    reach: Reach
    ahead: float | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """All replies, and Docker Hub's limit."""

    replies: tuple[Reply, ...]
    limit: HubLimit
    google: str  # why Google's credentials give no token, "" where they do or are not to be tried


async def reach(
    registries: Sequence[str], endpoints: Endpoints, keychain: Keychain, patience: float, *, google: bool
) -> Findings:
    """Ask all hosts, the mirror first, and Google for a token if it is to be tried.

    `patience` is what each has for an answer, in seconds. Whatever a host does, it is no error.
    """
    asking = _Asking(endpoints, keychain, patience)
    async with asyncio.TaskGroup() as group:
        own = [group.create_task(asking.registry(name)) for name in registries if name != DOCKER_HUB]
        hub = group.create_task(asking.docker_hub())
        limit = group.create_task(asking.limit())
        hosts = () if endpoints.moved(DOCKER_HUB) else BLOB_HOSTS
        storage = [group.create_task(asking.storage(host)) for host in hosts]
        blob = group.create_task(asking.blob())
        api = group.create_task(asking.api())
        token = group.create_task(asking.google_token()) if google else None
    replies = (
        *(task.result() for task in own[:1]), *hub.result(), blob.result(),
        *(task.result() for task in storage), *(task.result() for task in own[1:]), api.result(),
    )  # fmt: skip
    return Findings(replies, limit.result(), token.result() if token else "")


@dataclass(frozen=True, slots=True)
class _Asking:
    endpoints: Endpoints
    keychain: Keychain
    patience: float  # seconds

    @property
    def policy(self) -> Policy:
        return Policy(tries=1, connect=self.patience, read=self.patience, whole=self.patience)

    async def registry(self, name: str) -> Reply:
        subject = "Docker Hub: registry" if name == DOCKER_HUB else name
        try:
            home = self.endpoints.url(name)
        except ConfigError as error:  # a finding says it
            return Reply(Reach(subject, "", Reached.UNKNOWN, error.message))
        return await self.ask(subject, Request("GET", f"{home}/v2/", home), _REGISTRY)

    async def docker_hub(self) -> tuple[Reply, Reply]:
        """Ask Docker Hub, and the server of its tokens: at the same time, where that one is known."""
        if self.endpoints.moved(DOCKER_HUB):
            home = await self.registry(DOCKER_HUB)
            return home, await self.tokens(home)
        async with asyncio.TaskGroup() as group:
            home_task = group.create_task(self.registry(DOCKER_HUB))
            usual = Request("GET", _TOKENS, _TOKENS)
            tokens_task = group.create_task(self.ask(TOKENS, usual, frozenset({200})))
        return home_task.result(), tokens_task.result()

    async def tokens(self, home: Reply) -> Reply:
        """Ask for a token where a registry says that it gives them."""
        if home.answer is None:
            return Reply(Reach(TOKENS, "", Reached.UNKNOWN, "the registry does not say who gives them"))
        offered = challenges(home.answer.headers.all("www-authenticate"))
        bearer = next((each for each in offered if each.scheme == "bearer" and each.get("realm")), None)
        if bearer is None:
            return Reply(Reach(TOKENS, "", Reached.UNKNOWN, "the registry wants none"))
        try:
            url = joined(home.answer.url, bearer.get("realm"))
            check_hop(url, self.endpoints.url(DOCKER_HUB))
        except RegistryError as error:
            return Reply(Reach(TOKENS, "", Reached.PROTOCOL, error.message))
        request = token_request(Realm(url, bearer.get("service")), (), None, self.endpoints.url(DOCKER_HUB))
        return await self.ask(TOKENS, request, frozenset({200}))

    async def storage(self, host: str) -> Reply:
        url = f"https://{host}/"
        return await self.ask(SOME_BLOBS, Request("HEAD", url, url), None)

    async def api(self) -> Reply:
        try:
            url = f"{self.endpoints.url(API)}/"
        except ConfigError as error:
            return Reply(Reach(_API, "", Reached.UNKNOWN, error.message))
        reply = await self.ask(_API, Request("HEAD", url, url), None)
        if reply.answer and reply.answer.status in _NOT_AN_API:
            return Reply(_status(reply.reach, reply.answer), reply.ahead, reply.answer)
        return reply

    async def ask(self, subject: str, request: Request, expected: Iterable[int] | None) -> Reply:
        """Send one request; without `expected` statuses, any that is not the server's own failure will do."""
        place = origin(request.url)
        unknown = Reach(subject, place[1], Reached.UNKNOWN)
        try:
            unknown = Reach(subject, place[1], Reached.UNKNOWN, proxy=_through(place))
            async with Transport(self.policy) as transport, asyncio.timeout(self.patience):
                answer = await transport.request(request)
        except Fault as error:
            return Reply(Reach(subject, error.place[1], error.reached, error.what, unknown.proxy))
        except TimeoutError:
            return Reply(_failed(unknown, Reached.TIMEOUT, f"no answer in {self.patience:g} s"))
        except ConfigError as error:
            return Reply(_failed(unknown, Reached.PROXY, error.message))
        except RegistryError as error:
            return Reply(_failed(unknown, Reached.PROTOCOL, error.message))
        fine = answer.status < 500 if expected is None else answer.status in expected
        found = _failed(unknown, Reached.OK, str(answer.status)) if fine else _status(unknown, answer)
        return Reply(found, _ahead(answer), answer)

    async def limit(self) -> HubLimit:
        """Ask Docker Hub for the pull limit, as whoever the credentials say."""
        try:
            async with connect(self.endpoints, policy=self.policy, keychain=self.keychain) as registries:
                async with asyncio.timeout(3 * self.patience):  # a challenge, a token, the limit
                    return await registries.docker_hub_limit()
        except TimeoutError:
            return HubLimit(Counting.UNKNOWN, detail=f"no answer in {3 * self.patience:g} s")
        except ConfigError as error:
            return HubLimit(Counting.UNKNOWN, detail=error.message)

    async def google_token(self) -> str:
        try:
            async with asyncio.timeout(3 * self.patience):
                return await asyncio.to_thread(unusable, self.patience)
        except TimeoutError:
            return f"no token in {3 * self.patience:g} s"

    async def blob(self) -> Reply:
        """Say where Docker Hub sends who wants a blob, and whether that can be reached."""
        try:
            async with connect(self.endpoints, policy=self.policy, keychain=self.keychain) as registries:
                async with asyncio.timeout(3 * self.patience):
                    return Reply(await self._blob(registries))
        except TimeoutError:
            return _unknown_blobs(f"no answer in {3 * self.patience:g} s")
        except (ConfigError, RegistryError) as error:
            return _unknown_blobs(error.message)

    async def _blob(self, registries: Registries) -> Reach:
        repository = Reference(DOCKER_HUB, _SMALL, "latest")
        if (await registries.head(repository)).status is not Status.PRESENT:  # its token is there from now on
            return _unknown_blobs(f"Docker Hub does not answer that it has {_SMALL}").reach
        digest = await _small_blob(registries)
        if not digest:
            return _unknown_blobs(f"the mirror has no {_SMALL}, and Docker Hub would count a pull").reach
        try:
            host = await registries.blob_host(repository, digest)
        except Fault as error:
            return Reach(BLOBS, registries.redact(error.place[1]), error.reached, error.what)
        except RegistryError as error:
            return _unknown_blobs(registries.redact(error.message)).reach
        return Reach(BLOBS, host, Reached.OK, "200")


def _through(place: Origin) -> str:
    """Return host and port of the proxy for a host, "" for none. Raises ConfigError."""
    if proxy_for(place).place is None:
        return ""
    return shown(proxies().get(place[0], ""))[0].partition("://")[2] or "of the environment"


def _unknown_blobs(why: str) -> Reply:
    return Reply(Reach(BLOBS, "", Reached.UNKNOWN, why))


async def _small_blob(registries: Registries) -> str:
    """Return the digest of a configuration, "" where the mirror does not have the image."""
    reference = Reference(MIRROR, _SMALL, "latest")
    try:
        manifest = await registries.manifest(reference)
        if manifest.is_index and manifest.children:
            child = reference.with_version(None, manifest.children[0].digest)
            manifest = await registries.manifest(child)
    except (ConfigError, RegistryError):
        return ""
    return manifest.blobs[0].digest if manifest.blobs else ""


def _failed(reach: Reach, reached: Reached, detail: str) -> Reach:
    return Reach(reach.subject, reach.host, reached, detail, reach.proxy)


def _status(reach: Reach, answer: Answer) -> Reach:
    return _failed(reach, Reached.STATUS, f"status {answer.status}")


def _ahead(answer: Answer) -> float | None:
    """Return by how many seconds this machine's clock is before the server's; None where it tells no date."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date"))
    except ValueError:
        return None
    return (datetime.now(UTC) - moment).total_seconds() if moment.tzinfo else None
