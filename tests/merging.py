"""Files of runtimes in tests: merged with a mirror, and read."""

from planner.model.source import SourceFile
from planner.runtimes._base import Mirror
from planner.runtimes._known import runtime

GOOGLE = "mirror.gcr.io"
OWN = "us-docker.pkg.dev/acme/docker-hub"


def file_of(name, file=""):
    """The file of a runtime, its first one unless another is named."""
    return next(each for each in runtime(name).files if file in ("", each.name))


def merged(name, text="", mirror=GOOGLE, file=""):
    """The text with a mirror, which a second merge leaves as it is."""
    chosen, wanted = file_of(name, file), Mirror.parse(mirror)
    after = chosen.merge(SourceFile("FILE", text), wanted)
    assert chosen.merge(SourceFile("FILE", after), wanted) == after
    return after


def asked(name, text, file=""):
    """The mirrors that a text names, in order."""
    return list(file_of(name, file).mirrors(SourceFile("FILE", text)))


def added(before, after):
    """Whether a text came to be from another by additions alone."""
    characters = iter(after)
    return all(character in characters for character in before)
