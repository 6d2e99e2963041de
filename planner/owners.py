"""CODEOWNERS: who owns which path, as GitHub, GitLab and Bitbucket read the file. Pure.

The last pattern that matches counts; in GitLab's sections the last one of each. The three differ in what a
pattern is, so it has to be known whose file it is: its folder tells, or the forge's other files, else the text.

GitHub: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
GitLab: https://docs.gitlab.com/user/project/codeowners/reference/ and …/codeowners/advanced/
Bitbucket: https://support.atlassian.com/bitbucket-cloud/docs/set-up-and-use-code-owners/
"""  # noqa: E501

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from planner.path_patterns import Pattern, Patterns, Reach

PLACES = (
    *(".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    *(".gitlab/CODEOWNERS", ".bitbucket/CODEOWNERS"),
)
"""Where the file may be, the first one found counting: each forge's own order is kept."""

# No file that people keep comes near these; they bound what a hostile one can cost.
_MOST_RULES = 20_000
_MOST_SECTIONS = 100
_MOST_OWNERS = 50  # of a line, and of a path
_LONGEST_OWNER = 255  # characters
_LONGEST_PATTERN = 1_000  # characters
_SHOWN = 60  # characters of a broken line

_EXCLUDED = 1 << 40  # added to the number of an exclusion: no rule of its section counts more
_HEADING = re.compile(r"\^?\[(?P<name>[^\]]*)\](?:\[[^\]]*\])?(?P<owners>.*)", re.DOTALL)
_LINE = re.compile(r"(?P<pattern>(?:[^\s\\]|\\.|\\\Z)+)(?P<owners>.*)", re.DOTALL)
_OWNER = re.compile(r"@{1,2}[\w.-]+(?:/[\w.-]+)*|[^\s@]+@[^\s@]+")
_NO_OWNER = "is no owner: write @user, @org/team or an email address"


class Forge(StrEnum):
    """Whose rules a file follows."""

    GITHUB = "github"
    GITLAB = "gitlab"
    BITBUCKET = "bitbucket"


class Problem(Struct, frozen=True):
    """A line that is left out, as a whole or in part."""

    line: int  # from 1
    reason: str


class Owners(Struct, frozen=True, eq=False):
    """What a CODEOWNERS file says."""

    problems: tuple[Problem, ...]
    _rules: tuple[tuple[str, ...], ...]  # the owners that each names
    _patterns: Patterns

    @classmethod
    def parse(cls, text: str, forge: Forge | None = None) -> "Owners":
        """Read a file; without a `forge`, sections and `!` tell GitLab's. Nothing is raised."""
        lines = text.removeprefix("\ufeff").split("\n")
        reader = _Reader(forge or _forge_of(lines))
        for number, line in enumerate(lines, start=1):
            reader.read(number, line.strip())
            if len(reader.rules) > _MOST_RULES:
                break
        return cls(tuple(reader.problems), tuple(reader.rules), Patterns(reader.patterns))

    def of(self, path: str) -> tuple[str, ...]:
        """Return who owns a path, relative to the root of the repository."""
        return next(self.of_each((path,)))

    def of_each(self, paths: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield who owns each path; fast for many, and fastest when they are sorted."""
        known: dict[tuple[tuple[int, int], ...], tuple[str, ...]] = {}
        for best in self._patterns.best(paths):
            counting = tuple(sorted(best.items()))
            if counting not in known:
                owners = (each for _, rule in counting if rule < _EXCLUDED for each in self._rules[rule])
                known[counting] = tuple(dict.fromkeys(owners))[:_MOST_OWNERS]
            yield known[counting]


def _forge_of(lines: Iterable[str]) -> Forge:
    """Recognise GitLab by what only it has: sections and exclusions."""
    marked = any(line.startswith("!") or _HEADING.fullmatch(line.strip()) for line in lines)
    return Forge.GITLAB if marked else Forge.GITHUB


class _Reader:
    """What was read so far."""

    def __init__(self, forge: Forge) -> None:
        self.forge = forge
        self.rules: list[tuple[str, ...]] = []
        self.patterns: list[tuple[int, int, Pattern]] = []
        self.problems: list[Problem] = []
        self._sections = {"": 0}
        self._section = 0
        self._defaults: tuple[str, ...] = ()  # of the section, for patterns without owners

    def read(self, number: int, line: str) -> None:
        """Take one line."""
        if not line or line.startswith("#"):
            return
        if self.forge is Forge.BITBUCKET and line.startswith("CODEOWNERS."):
            return  # a setting of how reviewers are chosen
        problem = self._heading(line) if self._is_heading(line) else self._rule(line)
        if problem:
            shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
            self.problems.append(Problem(number, f"{shown!r}: {problem}"))

    def _is_heading(self, line: str) -> bool:
        return self.forge is Forge.GITLAB and line.startswith(("[", "^["))

    def _heading(self, line: str) -> str:
        """Begin a section, or continue the one of the same name."""
        match = _HEADING.fullmatch(line)
        if not match or not match["name"].strip():
            return "no heading of a section: write [Name], ^[Name] or [Name][2], then its owners"
        name = match["name"].strip().casefold()
        if name not in self._sections and len(self._sections) > _MOST_SECTIONS:
            self._section = -1
            return f"one section too many: {_MOST_SECTIONS} are read"
        self._section = self._sections.setdefault(name, len(self._sections))
        self._defaults, problem = self._owners(match["owners"])
        return problem

    def _rule(self, line: str) -> str:
        match = _LINE.fullmatch(line)
        text = match["pattern"] if match else line
        excluded = self.forge is Forge.GITLAB and text.startswith("!")
        pattern = _gitlab(text.removeprefix("!")) if self.forge is Forge.GITLAB else _github(text)
        if isinstance(pattern, str):
            return pattern
        if len(text) > _LONGEST_PATTERN:
            return f"a pattern of {len(text):,} characters, over the limit of {_LONGEST_PATTERN:,}"
        owners, problem = self._owners(match["owners"] if match else "")
        if problem and self.forge is not Forge.GITLAB and len(owners) < _MOST_OWNERS:
            return problem  # the whole line is left out, as the forge does it
        if len(self.rules) == _MOST_RULES:
            self.rules.append(())
            return f"it and what follows is left out: {_MOST_RULES:,} lines are read"
        if self._section >= 0:
            said = len(self.rules) + (_EXCLUDED if excluded else 0)
            self.patterns.append((self._section, said, pattern))
            self.rules.append(owners or self._defaults)
        return "" if excluded else problem

    def _owners(self, text: str) -> tuple[tuple[str, ...], str]:
        """Return the owners of a line, and what is wrong with the first invalid one."""
        owners: dict[str, None] = {}
        problem, comment = "", False
        for word in text.split():
            comment = comment or word.startswith("#")
            if comment and self.forge is not Forge.GITLAB:
                break  # GitLab takes owners from comments, too
            name = word.partition(":")[0] if self.forge is Forge.BITBUCKET else word  # @team:random(2)
            if len(name) > _LONGEST_OWNER or not _OWNER.fullmatch(name):
                problem = problem or ("" if comment else f"{name[:_SHOWN]!r} {_NO_OWNER}")
            elif len(owners) == _MOST_OWNERS:
                return tuple(owners), f"one owner too many: {_MOST_OWNERS} are read"
            else:
                owners[name] = None
        return tuple(owners), problem


def _github(text: str) -> Pattern | str:
    """Read a pattern as .gitignore has it, or return what GitHub refuses in it."""
    if text.startswith("!"):
        return "`!` takes nothing away: write the path again, without owners"
    if text.startswith("\\#"):
        return "a path that begins with # cannot be named"
    if re.search(r"(?<!\\)[\[\]]", text):
        return "`[ ]` is no set of characters: write a line for each, or use `?`"
    path, folder = text.removeprefix("/").removesuffix("/"), text.endswith("/")
    if not path:
        return "it names no path"
    if path == "**" or path.endswith("/**"):
        path, reach = (f"{path}/*" if folder else path[:-2].removesuffix("/")), Reach.BELOW
    elif folder:
        reach = Reach.BELOW
    else:
        reach = Reach.FILE if path.endswith("/*") or text == "/*" else Reach.BOTH
    anywhere = "/" not in text.removesuffix("/")
    return Pattern.of(f"**/{path}" if anywhere and path else path, reach)


def _gitlab(text: str) -> Pattern | str:
    """Read a pattern as Ruby's File.fnmatch has it, with what GitLab does before."""
    if not text:
        return "it names no path"
    if text == "*":
        return Pattern((), Reach.BELOW)
    path = text.removeprefix("/") if text.startswith("/") else f"**/{text}"
    if path.endswith("/") or not path:
        return Pattern.of(path.removesuffix("/"), Reach.BELOW, sets=True)
    if path == "**" or path.endswith("/**"):
        path = path[:-1]  # at the end it is no more than `*`
    return Pattern.of(path, Reach.FILE, sets=True)
