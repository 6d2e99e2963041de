"""skopeo: lists for `skopeo sync`, one for each folder that images go to, or a script of `skopeo copy`.

A list names images by tag, for what it names by digest gets no tag: what a tag names when it runs is copied.
The last part of a name stays as it is, and so does its tag; what is to be called otherwise, and what is only
pulled, is left out. The script can say all of it, by the digest of the plan.
"""

from collections.abc import Iterator, Sequence

from planner.exports import _shell
from planner.exports._base import Export, File, Options, head
from planner.exports._copies import Copied, copies, missing
from planner.exports._script import logins, script
from planner.exports._yaml import Value, document
from planner.model.plan import Plan
from planner.model.reference import Reference

_TOOL = """digest_of() { skopeo inspect --raw "docker://$1" | skopeo manifest-digest /dev/stdin; }
copy_image() { skopeo copy --all --preserve-digests --retry-times 3 "docker://$1" "docker://$2"; }
pull_image() { skopeo copy --all --retry-times 3 "docker://$1" "dir:$2"; }
"""


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    if options.syntax == "script":
        how = (
            "Run `bash hub2ar-skopeo.sh` where skopeo 1.8 or later is; it may be run again. Log in:",
            *logins(plan, "skopeo"),
            "which needs roles/artifactregistry.writer, and is good for an hour. Signatures and other",
            "referrers stay where they are.",
        )
        return (File("hub2ar-skopeo.sh", script(plan, "skopeo", how, _TOOL)),)
    return tuple(_lists(plan))


def _lists(plan: Plan) -> Iterator[File]:
    """Yield a list for each folder; one that is empty where nothing can be listed."""
    found: dict[str, list[Copied]] = {}
    out = []
    for each in copies(plan):
        if _is_kept(each):
            found.setdefault(each.destination.name.rpartition("/")[0], []).append(each)
        else:
            out.append(str(each.destination))
    for number, (folder, wanted) in enumerate(sorted(found.items()), start=1):
        name = "hub2ar-skopeo.yaml" if len(found) == 1 else f"hub2ar-skopeo-{number}.yaml"
        how = (
            "Run, where skopeo 1.8 or later is installed and logged in; it may be run again:",
            f"  skopeo sync --all --preserve-digests --keep-going --src yaml --dest docker {name} \\",
            f"    {_shell.word(folder)}",
            *logins(plan, "skopeo"),
            "What a tag names then is copied, not the plan's digest: `hub2ar verify plan.json` compares.",
            *missing(plan),
            *_left_out(out),
        )
        yield File(name, head(plan, "skopeo", *how) + document(_images(wanted)))
    if not found:
        yield File("hub2ar-skopeo.yaml", head(plan, "skopeo", *missing(plan), *_left_out(out)) + "{}\n")


def _is_kept(each: Copied) -> bool:
    """Whether an image keeps the last part of its name, and its tag."""
    return _last(each.tagged) == _last(each.destination)


def _last(reference: Reference) -> tuple[str, str]:
    return reference.repository.rpartition("/")[2], reference.version


def _left_out(destinations: Sequence[str]) -> Iterator[str]:
    if destinations:
        said = "1 image that is" if len(destinations) == 1 else f"{len(destinations)} images that are"
        yield f"{said} called otherwise later cannot be in it; `export skopeo --format script` has all:"
        yield from (f"  {each}" for each in destinations)


def _images(wanted: Sequence[Copied]) -> Value:
    found: dict[str, dict[str, list[Value]]] = {}
    for each in wanted:
        tags = found.setdefault(each.tagged.registry, {}).setdefault(each.tagged.repository, [])
        tags.append(each.tagged.version)
    return {registry: {"images": images} for registry, images in sorted(found.items())}


EXPORT = Export(
    name="skopeo",
    title="lists for skopeo sync, or a script of skopeo copy",
    render=_render,
    specification="https://github.com/containers/skopeo/blob/main/docs/skopeo-sync.1.md",
    syntaxes=("sync", "script"),
)
