"""The world of a rehearsal: stand-ins, filled with images for what is rehearsed, and how they are reached."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from planner.config import Settings
from planner.model.inventory import Inventory
from planner.model.job import Copy
from planner.model.plan import Plan
from planner.model.reference import MIRROR, Reference
from planner.rehearsal.filling import fill
from planner.rehearsal.limits import Limits
from planner.rehearsal.network import Network
from planner.rehearsal.pull_through import ACCOUNT
from planner.rehearsal.receipts import Receipts
from planner.rehearsal.simulated_time import SimulatedLoop
from planner.rehearsal.stage import Stage
from planner.rehearsal.stand_in_digests import StandIns, exchanged, exchanged_plan, stand_ins
from planner.rehearsal.world import World

if TYPE_CHECKING:
    from planner.registries.endpoints import Endpoints

PULLS = 100  # in a window, of an anonymous address and of the account of the remote repository
_NOWHERE = "/nonexistent"  # in place of the home folder, so that no credentials of the user are read


@dataclass(frozen=True, slots=True)
class Material:
    """What is rehearsed, with each digest replaced by one that a stand-in's image has."""

    inventory: Inventory
    plan: Plan | None  # that is carried out; None: it is made first
    references: tuple[Reference, ...]
    stand_ins: StandIns
    held: frozenset[str] = frozenset()  # repositories that the mirror has to have

    @classmethod
    def of_code(cls, inventory: Inventory, settings: Settings, seed: int) -> "Material":
        """Return the material for the inventory of trees."""
        pinned = [each for each in inventory.references() if each.digest]
        upstreams = settings.target.upstreams
        origins = [(each.origin(upstreams), each.digest) for each in pinned]
        made = stand_ins(((name, digest or "") for name, digest in origins if name), seed)
        rehearsed = exchanged(inventory, made.digests)
        wanted = tuple(each for each in rehearsed.references() if each.origin(upstreams))
        return cls(rehearsed, None, wanted, made)

    @classmethod
    def of_plan(cls, plan: Plan, seed: int) -> "Material":
        """Return the material for a plan."""
        jobs = plan.transfers
        made = stand_ins(((job.source, job.digest) for job in jobs if job.digest), seed)
        rehearsed, _ = exchanged_plan(plan, made.digests)
        held = {
            job.source.repository for job in jobs if isinstance(job, Copy) and job.origin.registry == MIRROR
        }
        wanted = tuple(job.source for job in rehearsed.transfers)
        return cls(Inventory((), (), {}), rehearsed, wanted, made, frozenset(held))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the stand-ins counted during a rehearsal."""

    hub_pulls: int
    own_pulls: int  # those of this address
    pulls_twice: int  # manifests that were pulled more than once
    sent_twice: int  # blobs that were sent more than once
    requests: Mapping[str, int]  # by registry or API
    refused: Mapping[str, Mapping[int, int]]  # by registry and status: answers
    pull_limit: int | None
    window: int  # seconds


@dataclass(frozen=True)
class Opened:
    """A world that is open."""

    stage: Stage
    receipts: Receipts
    hub_receipts: Receipts

    @cached_property
    def endpoints(self) -> "Endpoints":
        """The endpoints of the stand-ins, by the registries and APIs they stand for."""
        from planner.registries.endpoints import Endpoint, Endpoints

        return Endpoints({name: Endpoint(url) for name, url in self.stage.world.endpoints.items()})

    def environment(self) -> dict[str, str]:
        """Return environment variables with the credentials of the rehearsal, and with no one else's."""
        from planner.registries.docker_credentials import VARIABLE

        hosts = [urlsplit(self.endpoints.url(name)).netloc for name in self.stage.world.registries]
        entries = {
            host: {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}
            for user, password in self.stage.used.items()
            for host in hosts
        }
        places = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR"), _NOWHERE)
        return places | ({VARIABLE: json.dumps({"auths": entries})} if entries else {})

    def facts(self) -> Facts:
        """Return what has been counted so far."""
        world = self.stage.world
        limits = world.docker_hub.limits.limits
        return Facts(
            world.hub_pulls,
            sum(number for (account, *_), number in self.hub_receipts.pulls.items() if not account),
            self.hub_receipts.pulled_twice,
            self.receipts.sent_twice,
            dict(world.requests),
            {name: refused for name, found in world.statuses.items() if (refused := _refusals(found))},
            limits.pulls,
            limits.window,
        )


def _refusals(statuses: Mapping[int, int]) -> dict[int, int]:
    """Return how often a registry refused for now, by status; what is absent or forbidden does not count."""
    return {status: number for status, number in sorted(statuses.items()) if status in (429, 500, 502, 503)}


@asynccontextmanager
async def opened(material: Material, settings: Settings, seed: int) -> AsyncIterator[Opened]:
    """Start stand-ins that have an image for everything that is rehearsed; they end with the block."""
    budget = settings.budget
    pulls = PULLS if budget.limit is None else budget.limit or None
    limits = Limits(pulls=pulls, accounts={ACCOUNT: pulls}, window=budget.window)
    filling = fill(material.references, seed=seed, chosen=material.stand_ins.images, held=material.held)
    network = Network()
    loop = asyncio.get_running_loop()
    if isinstance(loop, SimulatedLoop):
        loop.network = network
    world = World(filling=filling, locations=_locations(material, settings), limits=limits, network=network)
    receipts, of_hub = Receipts(), Receipts()
    world.docker_hub.behaviours = (*world.docker_hub.behaviours, of_hub)
    for registry in world.registries.values():
        registry.behaviours = (*registry.behaviours, receipts)
    async with world:
        yield Opened(Stage(world, network, seed), receipts, of_hub)


def _locations(material: Material, settings: Settings) -> Iterable[str]:
    targets = material.plan.targets if material.plan else ()
    return {settings.target.location, *(target.location for target in targets)}
