"""The user's rules: `[[rule]]`, compiled, checked, and asked whether they hold of an image. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate

from planner.config import of_either_kind
from planner.errors import ConfigError, nearest
from planner.formats._patterns import matcher
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.repository import Mode
from planner.model.rule import Route, Rule
from planner.planning.evidence import Case

_OFFICIAL = "library/"
_OF_A_PLACE = frozenset({"role", "path", "owner"})

Texts = str | Sequence[str]
Test = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule that can be asked."""

    name: str  # rule 1
    rule: Rule
    tests: tuple[tuple[str, Test], ...]  # by field

    @property
    def said(self) -> str:
        """The rule as its settings say it, in one line."""
        asked = [f"{name} = {_quoted(getattr(self.rule, name))}" for name, _ in self.tests]
        return ", ".join([*asked, f'route = "{self.rule.route}"'])

    def holds(self, case: Case) -> bool:
        """Tell whether all conditions of the rule hold."""
        return all(test(case) for _, test in self.tests)

    def holds_of_image(self, case: Case) -> bool:
        """Tell whether the conditions about the image hold, wherever it is used."""
        return all(test(case) for name, test in self.tests if name not in _OF_A_PLACE)

    def holds_of_place(self, case: Case) -> bool:
        """Tell whether the conditions about the place hold, whatever image it names."""
        return all(test(case) for name, test in self.tests if name in _OF_A_PLACE)

    def failing(self, case: Case) -> str:
        """Return the condition that does not hold, and the value it met; empty if the rule holds."""
        for name, test in self.tests:
            if not test(case):
                return f"{name} is {_shown(name, case) or 'none'}"
        return ""


def choices(rules: Iterable[Rule], mode: Mode, upstreams: Collection[str]) -> tuple[Choice, ...]:
    """Compile rules. Raises ConfigError for one that can never be followed."""
    return tuple(_choice(number, rule, mode, upstreams) for number, rule in enumerate(rules))


def _choice(number: int, rule: Rule, mode: Mode, upstreams: Collection[str]) -> Choice:
    place = f"$.rule[{number}]"
    if rule.route is Route.REMOTE and mode is Mode.STANDARD:
        raise ConfigError(
            f"{place}.route: there is no remote repository in mode {mode}",
            hint="write copy, or plan with --mode remote or virtual",
        )
    for upstream in _texts(rule.upstream):
        if not any(char in upstream for char in "*?[") and upstream not in upstreams:
            raise ConfigError(
                f"{place}.upstream: {upstream!r} is not moved, so this rule would never hold",
                hint=nearest(upstream, upstreams)
                or f"add it to upstreams of [target]: {', '.join(upstreams)}",
            )
    if rule.digest == "":
        raise ConfigError(f"{place}.digest: is empty", hint="write true, false or a glob")
    return Choice(f"rule {number + 1}", rule, tuple(_tests(rule)))


def _tests(rule: Rule) -> Iterable[tuple[str, Test]]:
    if rule.repository != ():
        repository = _glob(rule.repository)
        yield "repository", lambda case: any(map(repository, _spellings(case.upstream or case.reference)))
    if rule.tag != ():
        tag = _glob(rule.tag)
        yield "tag", lambda case: tag(case.reference.tag or "")
    if rule.digest != ():
        yield "digest", _digest(rule.digest)
    if rule.role != ():
        roles = {str(role) for role in _texts(rule.role)}
        yield "role", lambda case: case.role in roles
    if rule.path != ():
        path = matcher(of_either_kind(_texts(rule.path)))
        yield "path", lambda case: path.search(case.path) is not None
    if rule.owner != ():
        owner = _glob(rule.owner)
        yield "owner", lambda case: any(map(owner, case.owners or ("",)))
    if rule.verdict != ():
        verdicts = {str(verdict) for verdict in _texts(rule.verdict)}
        yield "verdict", lambda case: case.verdict in verdicts
    if rule.upstream != ():
        upstream = _glob(rule.upstream)
        yield "upstream", lambda case: upstream(case.upstream.registry if case.upstream else "")
    if rule.running is not None:
        yield "running", lambda case: case.running is rule.running


def _digest(wanted: bool | Texts) -> Test:
    if isinstance(wanted, bool):
        return lambda case: (case.reference.digest is not None) is wanted
    digest = _glob(wanted)
    return lambda case: digest(case.reference.digest or "")


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(_quoted, value))}]" if isinstance(value, tuple) else f'"{value}"'


def _texts(value: Texts) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _glob(globs: Texts) -> Callable[[str], bool]:
    pattern = re.compile("|".join(map(translate, _texts(globs))) or "(?!)")
    return lambda text: pattern.match(text) is not None


def _spellings(reference: Reference) -> Iterable[str]:
    """Yield the ways in which people write a repository."""
    yield reference.name
    if reference.registry == DOCKER_HUB:
        yield reference.repository
        if reference.repository.startswith(_OFFICIAL):
            yield reference.repository.removeprefix(_OFFICIAL)


def _shown(name: str, case: Case) -> str:
    match name:
        case "repository":
            return (case.upstream or case.reference).name
        case "tag":
            return case.reference.tag or ""
        case "digest":
            return case.reference.digest or ""
        case "role":
            return case.role
        case "path":
            return case.path
        case "owner":
            return " ".join(case.owners)
        case "verdict":
            return case.verdict
        case "upstream":
            return case.upstream.registry if case.upstream else ""
        case _:
            return "what a cluster runs" if case.running else "nothing that a cluster runs"
