"""Calls and settings of Python libraries that name images: which library, which call, which argument."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._code import Group, Kind
from planner.formats._code_file import CodeFile
from planner.model.inventory import Confidence, Role

_MOST_NAMES = 3  # names between `import` and what tells the package


class Rule(Struct, frozen=True):
    """A call of a library, by the end of its name, and the arguments that are images."""

    package: str  # that is imported; empty for any
    call: str  # `DockerOperator`, `dsl.component`; `*Operator` for any that ends so
    keywords: tuple[str, ...] = ("image",)
    place: int | None = None  # of the image among the arguments without a name
    role: Role = Role.WORKLOAD

    def fits(self, name: str) -> bool:
        """Whether a call is meant."""
        if self.call.startswith("*"):
            return name.endswith(self.call[1:])
        return name == self.call or name.endswith(f".{self.call}")


def packages(file: CodeFile) -> frozenset[str]:
    """Return the packages that are imported, by the first part of their names."""
    found = set()
    for before, token in zip(file.tokens, file.tokens[1:], strict=False):
        if before.kind is Kind.NAME and before.text in ("import", "from") and token.kind is Kind.NAME:
            found.add(token.text)
    return frozenset(found)


def called(file: CodeFile, rules: Sequence[Rule], imported: frozenset[str]) -> Iterator[Candidate]:
    """Yield what the calls of libraries that are imported name."""
    wanted = [rule for rule in rules if not rule.package or rule.package in imported]
    for call in file.calls() if wanted else ():
        rule = next((rule for rule in wanted if rule.fits(call.name)), None)
        if rule is None or _is_declared(file, call):
            continue
        argument = call.keyword(*rule.keywords)
        if argument is None and rule.place is not None:
            argument = call.positional(rule.place)
        if argument is not None and argument.tokens[0].text not in ("{", "["):
            yield from file.images(argument, rule.role)


def _is_declared(file: CodeFile, call: Group) -> bool:
    place = file.place(call) - 1
    return place >= 0 and file.tokens[place].text in ("def", "class")


def settings(
    file: CodeFile, keys: Sequence[str], confidence: Confidence = Confidence.CERTAIN
) -> Iterator[Candidate]:
    """Yield `image` of mappings that stand under one of the keys: `{"container": {"image": "x"}}`."""
    for group in file.groups:
        if group.bracket == "{" and (group.key in keys or file.assigned(group) in keys):
            argument = group.keyword("image")
            if argument is not None:
                yield from file.images(argument, Role.WORKLOAD, confidence)
