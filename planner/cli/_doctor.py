"""hub2ar doctor: what is asked of hosts, helpers and this machine, and joined to a diagnosis."""

import asyncio
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from planner import config, errors
from planner.cli import _doctor_machine, _inputs, _network
from planner.doctor import docker_config, google, machine, network, rules
from planner.model.diagnosis import (
    Diagnosis,
    Finding,
    HubPulls,
    Proxy,
    Reach,
    Severity,
    UsedCredential,
)
from planner.model.reference import DOCKER_HUB, MIRROR
from planner.model.repository import Target
from planner.registries import proxy
from planner.registries.credentials import Kind, used
from planner.registries.endpoints import Endpoints
from planner.registries.keychain import Keychain
from planner.sources import cache

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\Z")
_GOOGLE = "gcr.io"
_APIS = (
    _inputs.API,
    *(f"{name}.googleapis.com" for name in ("secretmanager", "cloudresourcemanager", "iamcredentials")),
)  # no registries


@dataclass(frozen=True, slots=True)
class Known:
    """The settings; where they cannot be read, the defaults and what is wrong."""

    settings: config.Settings
    findings: tuple[Finding, ...] = ()


def settings(file: Path | None) -> Known:
    """Read the settings; what is wrong with them is a finding, so that the rest is examined nevertheless."""
    try:
        known = config.load(file)
    except errors.ConfigError as error:
        return Known(config.Settings(), (machine.settings(error, _text(error.message.partition(": ")[0])),))
    set_in = (known.target.project, *map(os.environ.get, _inputs.PROJECT_VARIABLES))
    return Known(known, () if any(set_in) else (rules.PROJECT.at("no project is set"),))


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def diagnosis(known: Known, more: Sequence[str], timeout: float, root: Path, *, offline: bool) -> Diagnosis:
    """Return all that is found. `more` are further registries; raises ConfigError for one that is no host."""
    for name in more:
        if not _HOST.match(name):
            raise errors.ConfigError(f"{name!r} is no registry", hint="name the host alone, such as ghcr.io")
    endpoints = _inputs.endpoints(known.settings)
    target = known.settings.target
    home = Target("-", target.location, target.repository, target.mode).prefix.partition("/")[0]
    named = [name for name in endpoints.overrides if name not in _APIS]
    registries = tuple(dict.fromkeys((DOCKER_HUB, MIRROR, home, _GOOGLE, *named, *more)))
    environment = dict(os.environ)
    files, found = _files(environment, registries)
    asked = tuple(dict.fromkeys((MIRROR, home, *named, *more)))
    answers = _Asking(endpoints, environment, registries, asked, timeout, offline)
    credentials, reached, pulls, wrong = _network.run(answers.all())
    proxies, no_proxy, bad = _proxies()
    found = (*found, *_endpoints(endpoints))
    findings = (
        *known.findings, *found, *bad, *wrong,
        *_about_helpers(files, credentials, found),
        *_doctor_machine.runtimes(root), *_doctor_machine.cache(cache.directory()),
    )  # fmt: skip
    return Diagnosis(credentials, pulls, reached, proxies, no_proxy, network.ordered(findings))


def _files(
    environment: Mapping[str, str], registries: Sequence[str]
) -> tuple[tuple[docker_config.ConfigFile, ...], tuple[Finding, ...]]:
    """Return the files of credentials, and what is wrong with them and with Google's."""
    read = tuple(_doctor_machine.credentials(environment))
    files = tuple(each for each in read if isinstance(each, docker_config.ConfigFile))
    closed = (each for each in read if isinstance(each, Finding))
    of_google = _doctor_machine.google_file(environment)
    found = (
        *closed,
        *_doctor_machine.about_credentials(files, environment, registries),
        *(google.findings(of_google) if of_google else ()),
    )
    return files, found


def _about_helpers(
    files: Sequence[docker_config.ConfigFile], credentials: Sequence[UsedCredential], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield helpers that fail, except missing ones, which are reported already."""
    sources = {file.source.path: file.source for file in files}
    absent = {each.problem for each in found if each.rule == rules.HELPER_MISSING.name}
    for each in credentials:
        if not each.problem:
            continue
        if each.kind == Kind.HELPER.value:
            if f"{each.place!r} is not on PATH" not in absent:
                yield docker_config.helper_fails(sources[each.named_by], each.place, each.key, each.problem)
        elif not any(each.problem.startswith(one.path or one.problem) for one in found):
            path, _, problem = each.problem.partition(": ")
            yield rules.CONFIG_FILE.at(problem or path, path if problem else "")


def _endpoints(endpoints: Endpoints) -> Iterator[Finding]:
    for name, given in endpoints.overrides.items():
        if name == _inputs.API and given.url.startswith("grpc://"):
            continue  # which only this API speaks
        try:
            endpoints.of(name)
        except errors.ConfigError as error:
            yield rules.ENDPOINT.at(error.message, fix=error.hint)


def _proxies() -> tuple[tuple[Proxy, ...], str, tuple[Finding, ...]]:
    """Return the proxies of the environment, the hosts without one, and what is wrong with them."""
    named = proxy.proxies()
    shown = {scheme: proxy.shown(text) for scheme, text in named.items() if scheme != "no" and text}
    found = tuple(Proxy(scheme, *each) for scheme, each in sorted(shown.items()) if each[0])
    bad = (
        rules.PROXY.at("it is not the URL of a proxy that could be used", f"{scheme}_proxy")
        for scheme, (text, _) in sorted(shown.items())
        if not text.startswith(("http://", "https://"))
    )
    return found, named.get("no", ""), tuple(bad)


@dataclass(frozen=True, slots=True)
class _Asking:
    endpoints: Endpoints
    environment: Mapping[str, str]
    registries: tuple[str, ...]  # whose credentials are shown
    hosts: tuple[str, ...]  # that are asked
    timeout: float  # seconds
    offline: bool

    async def all(
        self,
    ) -> tuple[tuple[UsedCredential, ...], tuple[Reach, ...], HubPulls | None, tuple[Finding, ...]]:
        """Ask helpers and hosts at the same time."""
        keychain = Keychain(self.environment, patience=self.timeout)
        if self.offline:
            return await self._credentials(None), (), None, ()
        from planner.registries.reach import reach

        file = _doctor_machine.google_file(self.environment)
        has_google = file is not None and not any(
            one.severity is Severity.PROBLEM for one in google.findings(file)
        )
        async with asyncio.TaskGroup() as group:
            credentials = group.create_task(self._credentials(keychain))
            asked = group.create_task(
                reach(self.hosts, self.endpoints, keychain, self.timeout, google=has_google)
            )
        found = asked.result()
        reached = tuple(reply.reach for reply in found.replies)
        now, limit = datetime.now(UTC), found.limit
        pulls = network.pulls(limit.counting, limit.limit, now, limit.detail)
        findings = (
            *network.unreachable(reached), *network.used_up(pulls),
            *([rules.HUB_REFUSED.at(limit.detail)] if limit.refused else []),
            *([rules.ADC_REFUSED.at(found.google)] if found.google else []),
            *machine.clock(reply.ahead for reply in found.replies if reply.ahead is not None),
        )  # fmt: skip
        return credentials.result(), reached, pulls, findings

    async def _credentials(self, keychain: Keychain | None) -> tuple[UsedCredential, ...]:
        found = [await self._credential(name, keychain) for name in self.registries]
        return tuple(found)

    async def _credential(self, name: str, keychain: Keychain | None) -> UsedCredential:
        source, problem = await used(name, keychain, endpoints=self.endpoints, environment=self.environment)
        return UsedCredential(
            name, source.kind.value, source.place, source.key, source.named_by, source.acts_for, problem
        )
