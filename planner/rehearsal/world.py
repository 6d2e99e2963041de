"""The world of a rehearsal: every registry and API that a migration talks to, on this machine."""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Self

from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.rehearsal import repositories
from planner.rehearsal.artifact_content import ArtifactContent, Contents
from planner.rehearsal.artifact_registry import API, ArtifactRegistry
from planner.rehearsal.blob_store import BlobStore
from planner.rehearsal.content import Stored
from planner.rehearsal.directory import Directory
from planner.rehearsal.docker_hub import DockerHub, HubOptions
from planner.rehearsal.filling import Filling, fill
from planner.rehearsal.iam_credentials import IamCredentials
from planner.rehearsal.limits import Limits
from planner.rehearsal.mirror import Mirror
from planner.rehearsal.network import Network
from planner.rehearsal.pull_through import Inside, Upstream
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.repositories import Repositories
from planner.rehearsal.resource_manager import ResourceManager
from planner.rehearsal.secret_manager import SecretManager
from planner.rehearsal.server import Responder, serve
from planner.rehearsal.tokens import TokenPolicy, Tokens
from planner.rehearsal.uploads import Place
from planner.rehearsal.upstream import HttpUpstream

_ACCESS_TOKEN_USER = "oauth2accesstoken"
_BLOBS = "production.cloudfront.docker.com"  # where Docker Hub sends who fetches a blob
_UNNAMEABLE = re.compile(r"[^a-z0-9.-]")  # what no host's name has: the colon before a port


class World:
    """Docker Hub, its mirror, Artifact Registry and Google's APIs as servers on free ports of 127.0.0.1.

    An async context manager; the servers run while it is open, on the loop that opened it. With a `network`
    the registries are hosts of that, and only the APIs, which are asked from threads, are servers. With an
    `access_token`, Artifact Registry and the APIs want it as a bearer token, or one that acts for a service
    account of the `directory`; without, they are open to all, and so are the APIs where they are to be.
    """

    unfilled: tuple[Reference, ...]  # pinned to a digest that no content made here has: nobody has them

    def __init__(
        self,
        *,
        filling: Filling | None = None,
        locations: Iterable[str] = ("us-central1",),
        limits: Limits | None = None,
        accounts: Mapping[str, str] | None = None,  # of Docker Hub, user: password
        access_token: str = "",
        open_apis: bool = False,
        blobs_elsewhere: bool = True,  # whether Docker Hub sends GETs of blobs to another server, as it does
        grpc: bool = False,  # whether the API of Artifact Registry is served over gRPC instead of REST
        network: Network | None = None,  # that the registries are on; None: they are on 127.0.0.1
    ) -> None:
        filling = filling or fill(())
        self.unfilled = filling.unfilled
        self.repositories = Repositories()
        self.docker_hub = DockerHub(
            filling.hub,
            HubOptions(limits=limits or Limits(), accounts=accounts or {}, private=filling.private),
        )
        self.mirror = Mirror(filling.mirror)
        self.others = {name: Registry(Stored(storage)) for name, storage in filling.others.items()}
        self.blob_store = BlobStore(filling.hub)
        self.directory = Directory()
        wanted = "" if open_apis else access_token
        self.artifact_registry = ArtifactRegistry(
            self.repositories, locations, access_token=wanted, directory=self.directory
        )
        contents = Contents(self.repositories, self._upstream)
        self.registries: Mapping[str, Registry] = {
            f"{location}-docker.pkg.dev": _artifact_host(location, contents, access_token, self.directory)
            for location in self.artifact_registry.locations
        }
        self.secret_manager = SecretManager(access_token=wanted)
        self.resource_manager = ResourceManager(access_token=wanted, directory=self.directory)
        self.iam_credentials = IamCredentials(self.directory, access_token=wanted)
        self._grpc = grpc
        self._network = network
        self._blobs_elsewhere = blobs_elsewhere
        self._endpoints: dict[str, str] = {}
        self._servers = AsyncExitStack()

    @classmethod
    def filled(
        cls,
        references: Iterable[Reference],
        *,
        seed: int = 0,
        locations: Iterable[str] = ("us-central1",),
        withdrawn: Iterable[Reference] = (),
        private: Iterable[Reference] = (),
        pull_limit: int | None = 100,
        access_token: str = "",
    ) -> Self:
        """Return a world whose Docker Hub has a small image for every reference to it.

        `withdrawn` ones are gone from Docker Hub and still on the mirror; the repositories of `private` ones
        are there for accounts only. `pull_limit` is what an anonymous address may pull in six hours.
        """
        filling = fill(references, seed=seed, withdrawn=withdrawn, private=private)
        limits = Limits(pulls=pull_limit)
        return cls(filling=filling, locations=locations, limits=limits, access_token=access_token)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as servers:
            if self._blobs_elsewhere:
                place = self._served(_BLOBS, self.blob_store.answer)
                self.docker_hub.redirect_blobs(await servers.enter_async_context(place))
            for name, respond in self._stand_ins().items():
                if name != API or not self._grpc:
                    self._endpoints[name] = await servers.enter_async_context(self._served(name, respond))
            if self._grpc:
                from planner.rehearsal.grpc_front import serve_grpc  # slow to import, and rarely wanted

                endpoint = await servers.enter_async_context(serve_grpc(self.artifact_registry.answer))
                self._endpoints[API] = endpoint
            self._servers = servers.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._servers.aclose()
        self._endpoints.clear()

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Where each registry and the API live: name -> URL. Known while the world is open."""
        return dict(self._endpoints)

    @property
    def hub_pulls(self) -> int:
        """The manifests that were fetched from Docker Hub, those of remote repositories included."""
        return self.docker_hub.counters.pulls

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests each stand-in has answered, by the name it has in `endpoints`."""
        counters = {name: registry.counters for name, registry in self._registries().items()}
        counters |= {each.service.name: each.service.counters for each in self._apis()}
        return {name: item.total for name, item in counters.items()}

    @property
    def statuses(self) -> Mapping[str, Mapping[int, int]]:
        """How many requests each registry has answered with which status."""
        return {name: dict(registry.counters.statuses) for name, registry in self._registries().items()}

    def _served(self, name: str, respond: Responder) -> AbstractAsyncContextManager[str]:
        if self._network and (name == _BLOBS or name in self._registries()):
            return self._network.serve(_UNNAMEABLE.sub("-", name), respond)
        return serve(respond)

    def _registries(self) -> Mapping[str, Registry]:
        return {DOCKER_HUB: self.docker_hub, MIRROR: self.mirror, **self.others, **self.registries}

    def _stand_ins(self) -> Mapping[str, Responder]:
        registries = {name: registry.answer for name, registry in self._registries().items()}
        return registries | {each.service.name: each.answer for each in self._apis()}

    def _apis(self) -> tuple[ArtifactRegistry, SecretManager, ResourceManager, IamCredentials]:
        return self.artifact_registry, self.secret_manager, self.resource_manager, self.iam_credentials

    def _upstream(self, name: str) -> Upstream:
        """Return what a remote repository pulls from; Docker Hub by its address is Docker Hub here too."""
        if name == repositories.DOCKER_HUB or name.rstrip("/") == "https://registry-1.docker.io":
            return Inside(self.docker_hub)
        other = self.others.get(name.removeprefix("https://").rstrip("/"))
        return Inside(other) if other else HttpUpstream(name.rstrip("/"))


def _artifact_host(location: str, contents: Contents, access_token: str, directory: Directory) -> Registry:
    """Return the registry of one location."""
    content = ArtifactContent(location, contents, directory)
    options = Options(place=Place.OPAQUE, chunked=False, listing=True)
    if not access_token:
        return Registry(content, options=options)
    policy = TokenPolicy(
        service=f"{location}-docker.pkg.dev",
        permit=content.permit,
        path="/v2/token",
        accounts={_ACCESS_TOKEN_USER: access_token},
        direct=True,
        acts_for=directory.member,
    )
    return Registry(content, options=options, behaviours=(Tokens(policy),))
