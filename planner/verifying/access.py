"""Who may read the repositories of a plan: whoever asks, its readers, and others that are named.

A service account is tried itself, with a token that acts for it: a test of permissions, then a question for
an image. Where nobody may act for it, policies are read, which say less (`standing.py`).
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from planner import clock
from planner.errors import ArtifactRegistryError
from planner.model.availability import Status
from planner.model.difference import Change
from planner.model.outcome import Outcome, Result
from planner.model.plan import Grant, Plan, Rewrite, key
from planner.model.reference import Reference
from planner.model.repository import Target
from planner.registries.acting import acting
from planner.registries.concurrent import as_they_end
from planner.registries.endpoints import Endpoints
from planner.registries.rights import DOWNLOAD, Binding, Rights, may_show
from planner.verifying.keys import named
from planner.verifying.remedies import creation, grant_command
from planner.verifying.standing import EVERYBODY, READER, Standing, opened, standing

ACTION = "access"

_ACCOUNT = "serviceAccount:"
_YOU = "user:YOU"
_AT_ONCE = 8  # questions

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Question:
    """May a member read a repository?"""

    key: str
    target: Target
    member: str  # empty: whoever asks
    grant: Grant | None = None  # what was planned, where that is another right

    @property
    def subject(self) -> str:
        """What is asked about, for people."""
        place = self.grant.secret if self.grant and self.grant.secret else self.target.prefix
        return f"{place} for {self.member or 'whoever runs this'}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about the question."""

    result: Result
    said: str
    digest: str | None = None


@dataclass(slots=True)
class _Once(Generic[K, V]):
    """Asks what blocks in a thread, once for each key; a refusal is an answer, and raised each time."""

    ask: Callable[[K], V]
    _known: dict[K, V | ArtifactRegistryError] = field(default_factory=dict)
    _locks: defaultdict[K, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def of(self, name: K) -> V:
        async with self._locks[name]:
            if name not in self._known:
                try:
                    self._known[name] = await asyncio.to_thread(self.ask, name)
                except ArtifactRegistryError as error:
                    self._known[name] = error
        found = self._known[name]
        if isinstance(found, ArtifactRegistryError):
            raise found
        return found


def questions(plan: Plan, accounts: Sequence[str] = ()) -> list[Question]:
    """Return what is asked: of each repository for whoever asks, for planned members, and for `accounts`.

    Those are addresses of service accounts that pull what the code names.
    """
    asked = [Question(named("own", each.resource), each, "") for each in plan.targets]
    for each in plan.actions:
        if isinstance(each, Grant):
            other = each if each.secret or each.role != READER else None
            asked.append(Question(key(each), each.target, each.member, other))
    pulled = [target for target in plan.targets if _images(plan, target, rewritten=True)] or plan.targets
    for account in accounts:
        member = f"{_ACCOUNT}{account}"
        asked += [Question(named("as", each.resource, member), each, member) for each in pulled]
    return list({(each.target, each.member, each.grant): each for each in reversed(asked)}.values())[::-1]


async def access(
    plan: Plan,
    accounts: Sequence[str],
    rights: Rights,
    granted: Callable[[Grant], Change],
    endpoints: Endpoints,
) -> AsyncIterator[Outcome]:
    """Yield one outcome for each question, and one for each repository that everybody may read.

    `granted` tells what a right lacks that is no reader's; it blocks and raises ArtifactRegistryError.
    """
    images = {each: min(found) for each in plan.targets if (found := _images(plan, each))}
    examiner = _Examiner(rights, granted, endpoints, images)
    async with aclosing(as_they_end(questions(plan, accounts), examiner.outcomes, _AT_ONCE)) as answered:
        async for outcomes in answered:
            for outcome in outcomes:
                yield outcome


@dataclass(slots=True)
class _Examiner:
    """Answers questions, and asks only once for what several of them need."""

    rights: Rights
    granted: Callable[[Grant], Change]
    endpoints: Endpoints
    images: Mapping[Target, Reference]  # one of each repository
    _tokens: _Once[str, str] = field(init=False)
    _policies: _Once[Target, tuple[Binding, ...]] = field(init=False)
    _projects: _Once[str, tuple[Binding, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = _Once(self.rights.token)
        self._policies = _Once(self.rights.policy)
        self._projects = _Once(self.rights.project_policy)

    async def outcomes(self, question: Question) -> list[Outcome]:
        """Return the answer, and for whoever asks, what everybody may."""
        started = clock.monotonic()
        try:
            answer = await self._answer(question)
        except ArtifactRegistryError as error:
            answer = _unknown(question.target, error)
        found = [_outcome(question, answer, started)]
        if not question.member:
            found += await self._opened(question.target)
        return found

    async def _answer(self, question: Question) -> Answer:
        if question.grant:
            return await self._as_planned(question.grant)
        if not question.member:
            may = await asyncio.to_thread(self.rights.permitted, question.target, DOWNLOAD)
            return Answer(Result.DONE, "may read") if may else _lacking(question.target, _YOU)
        if not question.member.startswith(_ACCOUNT):
            return await self._by_policy(question.target, question.member, "")
        return await self._tried(question.target, question.member)

    async def _as_planned(self, grant: Grant) -> Answer:
        change = await asyncio.to_thread(self.granted, grant)
        if not change.differences:
            return Answer(Result.DONE, f"has {grant.role}")
        member = change.differences[0].planned
        return Answer(
            Result.FAILED, f"{grant.role} is missing: `{grant_command(grant.target, member, grant)}`"
        )

    async def _tried(self, target: Target, member: str) -> Answer:
        """Try to read as a service account."""
        address = member.removeprefix(_ACCOUNT)
        try:
            token = await self._tokens.of(address)
        except ArtifactRegistryError as error:
            if error.code == 404:
                return Answer(Result.FAILED, f"there is no service account {address}{creation(address)}")
            return await self._by_policy(target, member, error.in_a_line)
        try:
            may = await asyncio.to_thread(self.rights.permitted, target, DOWNLOAD, token)
        except ArtifactRegistryError as error:
            return await self._by_policy(target, member, error.in_a_line)
        return await self._pulled(target, token) if may else _lacking(target, member)

    async def _pulled(self, target: Target, token: str) -> Answer:
        """Ask for an image with a token that may read it, as far as permissions tell."""
        image = self.images.get(target)
        if image is None:
            return Answer(Result.DONE, "may read; there is no image to try")
        if not may_show(image.registry, self.endpoints):
            return Answer(Result.DONE, f"may read; {image.registry} is elsewhere, and is shown no token")
        async with acting(token, image.registry, self.endpoints) as registries:
            probe = await registries.head(image)
        if probe.status is Status.PRESENT:
            return Answer(Result.DONE, f"reads {image}", probe.digest)
        said = (probe.detail or probe.status).replace(token, "[secret]")
        if probe.status is Status.DENIED:
            why = f"it has the permission, and is denied all the same: {said}"
            return Answer(Result.FAILED, f"{why} (does a service perimeter keep it out?)")
        return Answer(Result.DONE, f"may read; {image} did not answer: {said}")

    async def _by_policy(self, target: Target, member: str, why: str) -> Answer:
        """Return what policies say; `why` it was not tried itself."""
        untried = f"; not tried as it: {why}" if why else ""
        try:
            policy = await self._policies.of(target)
        except ArtifactRegistryError as error:
            if error.code == 404:
                raise
            said = f"cannot be known because its policy cannot be read: {error.in_a_line}{untried}"
            return Answer(Result.SKIPPED, said)
        project, unread = None, ""
        try:
            project = await self._projects.of(target.project)
        except ArtifactRegistryError as error:
            unread = f": {error.in_a_line}"
        found = standing(member, policy, project)
        match found.standing:
            case Standing.MAY:
                return Answer(Result.DONE, f"may read, as policies say: {found.why}{untried}")
            case Standing.MAY_NOT:
                said = f"{found.why}: `{grant_command(target, member)}`"
                return Answer(
                    Result.FAILED, f"{said}; what its folder or organization says is not read{untried}"
                )
            case Standing.UNKNOWN:
                return Answer(Result.SKIPPED, f"cannot be known because {found.why}{unread}{untried}")

    async def _opened(self, target: Target) -> list[Outcome]:
        """Return a warning for each kind of everybody that may read a repository."""
        try:
            policy = await self._policies.of(target)
        except ArtifactRegistryError:
            return []
        return [
            Outcome(
                named("open", target.resource, name),
                ACTION,
                f"{target.prefix} for {name}",
                Result.DONE,
                detail=f"warning: {_EVERYBODYS[name]} may read it, which its project pays for",
            )
            for name in opened(policy)
        ]


_EVERYBODYS = dict(zip(EVERYBODY, ("everybody", "everybody with a Google account"), strict=True))


def _images(plan: Plan, target: Target, *, rewritten: bool = False) -> list[Reference]:
    """Return the names in a repository that code is to use; without such, or beside them, what was moved."""
    used = [each.destination for each in plan.actions if isinstance(each, Rewrite)]
    moved = [] if rewritten else [each.destination for each in plan.transfers]
    return [each.as_asked for each in (*used, *moved) if each.name.startswith(f"{target.prefix}/")]


def _unknown(target: Target, error: ArtifactRegistryError) -> Answer:
    if error.code == 404:
        hint = "`hub2ar apply --only repositories` makes it"
        return Answer(Result.FAILED, f"there is no repository {target.prefix} ({hint})")
    return Answer(Result.SKIPPED, f"cannot be known because {error.in_a_line}")


def _lacking(target: Target, member: str) -> Answer:
    return Answer(Result.FAILED, f"{DOWNLOAD} is missing: `{grant_command(target, member)}`")


def _outcome(question: Question, answer: Answer, started: float) -> Outcome:
    well = answer.result is Result.DONE
    return Outcome(
        key=question.key,
        action=ACTION,
        subject=question.subject,
        result=answer.result,
        digest=answer.digest,
        seconds=round(clock.monotonic() - started, 3),
        error="" if well else answer.said,
        detail=answer.said if well else "",
    )
