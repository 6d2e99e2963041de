"""Names: what each image is called in Artifact Registry, as the table `[names]` of settings, or as CSV.

The table can be edited and put back. Only a copy can be called something else: a remote repository has the
names of its upstream, so those stand in comments.
"""

import csv
import io
import json
from collections.abc import Iterator

from planner.exports._base import Export, File, Options, comment, head
from planner.exports._moved import Moved, moved
from planner.model.plan import Plan

_HOW = ("Put it into hub2ar.toml, call copies what you like, and plan again.",)
_COLUMNS = ("upstream", "name", "destination")


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    found = moved(plan)
    if options.syntax == "csv":
        return (File("hub2ar-names.csv", _csv(found)),)
    return (File("hub2ar-names.toml", head(plan, "names", *_HOW) + "".join(_table(found))),)


def _table(found: tuple[Moved, ...]) -> Iterator[str]:
    yield "\n[names]\n"
    for each in found:
        places = ", ".join(map(str, each.destinations))
        if each.copied:
            yield f"{json.dumps(str(each.upstream))} = {json.dumps(each.copied)}  # {places}\n"
        else:
            yield comment(f"{each.upstream} comes through a remote repository: {places}")


def _csv(found: tuple[Moved, ...]) -> str:
    """Return a row for each place; a cell without a name is what cannot be called otherwise."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in found:
        writer.writerows((each.upstream, each.copied, place) for place in each.destinations)
    return text.getvalue()


EXPORT = Export(
    name="names",
    title="what images are called: edit it, and plan with it",
    render=_render,
    specification="https://cloud.google.com/artifact-registry/docs/docker/names",
    syntaxes=("toml", "csv"),
)
