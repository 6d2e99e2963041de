"""Helm: `--set` for what values files name, where a chart or its values are not to be edited.

The files are read, because a plan says where in a file a name stands and not which keys lead to it.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from planner.exports import _shell
from planner.exports._base import Export, File, Options, comment, head
from planner.exports._helm_settings import Refusal, Setting, Use, settings, uses
from planner.model.plan import Plan
from planner.model.source import SourceFile

_HOW = (
    "A command for each values file: RELEASE is what the release is called, and --values is added as ever.",
    "Nothing is edited.",
)
_VALUES = ("*values*.yaml", "*values*.yml")


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    wanted = uses(plan)
    parts = [_of_file(path, wanted[path], options.sources.get(path)) for path in _paths(plan)]
    text = "\n".join((head(plan, "helm", *_HOW), *("".join(part) for part in parts)))
    return (File("hub2ar-helm.sh", text),)


def _paths(plan: Plan) -> tuple[str, ...]:
    """Return the values files in which something is moved."""
    return tuple(sorted(filter(_is_values, uses(plan))))


def _is_values(path: str) -> bool:
    return any(fnmatchcase(PurePosixPath(path).name, pattern) for pattern in _VALUES)


def _of_file(path: str, wanted: Sequence[Use], source: SourceFile | None) -> Iterator[str]:
    """Yield what cannot be set, and the command that sets the rest."""
    yield comment(path)
    if source is None:
        yield comment("  cannot be read here, or is not what the plan was made from")
        return
    found = settings(wanted, source)
    for one in found:
        if isinstance(one, Refusal):
            yield comment(f"  not set: {one.what}: {one.reason}")
    flags = [f"--set {_shell.word(f'{one.key}={one.value}')}" for one in found if isinstance(one, Setting)]
    if flags:
        chart = f"./{PurePosixPath(path).parent}" if "/" in path else "."
        yield f"{_shell.command(('helm', 'upgrade', 'RELEASE', _shell.word(chart)), flags)}\n"


EXPORT = Export(
    name="helm",
    title="--set values for what values files name",
    render=_render,
    specification="https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set",
    reads=_paths,
)
