"""Aspire: the containers of an application host, and those that its integrations start by themselves.

`AddContainer("mail", "axllent/mailpit", "v1.20")`, `AddPostgres("db").WithImage("a/b", "1")`.
In TypeScript the same methods begin with a small letter. What an integration pulls that is given no image,
the installed version of it decides.
"""

from collections.abc import Iterator, Mapping

from planner.formats import _code as code
from planner.formats._base import Candidate, Format, Given
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.formats._code_tests import is_test
from planner.formats._code_words import parts_of
from planner.formats._implicit import Pull
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_KNOB = "call WithImage, or WithImageRegistry, to move it"
_DECIDES = "the installed integration of Aspire"
_DEFAULTS: Mapping[str, str] = {
    "Postgres": "library/postgres", "Redis": "library/redis", "RabbitMQ": "library/rabbitmq",
    "MySql": "library/mysql", "MongoDB": "library/mongo", "Nats": "library/nats",
    "Elasticsearch": "library/elasticsearch", "Kafka": "confluentinc/confluent-local",
    "Milvus": "milvusdb/milvus", "Qdrant": "qdrant/qdrant", "Seq": "datalust/seq", "Valkey": "valkey/valkey",
}  # fmt: skip


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of containers that a host starts."""
    file = CodeFile.read(source)
    role = Role.TEST if is_test(source.path) else Role.SERVICE
    for call in file.calls():
        if _method(call) == "AddContainer" and (image := call.positional(1)) is not None:
            yield from _image(file, call, image, call.positional(2), role)
        elif _method(call).startswith("Add") and call.positional(0) is not None:
            yield from _integration(file, call, role)


def _method(call: code.Call) -> str:
    return call.method[:1].upper() + call.method[1:]


def _integration(file: CodeFile, call: code.Call, role: Role) -> Iterator[Candidate]:
    """Read `AddPostgres("db")` with what is said of its image."""
    said = {_method(each): each for each in file.chained(call)}
    own = said.get("WithImage")
    if own is not None and (image := own.positional(0)) is not None:
        yield from _image(file, call, image, own.positional(1), role)
    elif default := _DEFAULTS.get(_method(call).removeprefix("Add")):
        tag = said.get("WithImageTag")
        given = tag.positional(0) if tag is not None else None
        if given is None:
            yield Pull(f"docker.io/{default}", _KNOB, _DECIDES).at(call.start, call.method)
            return
        name = Word((Piece.literal(Text.of(default.removeprefix("library/"))),))
        for each in tagged(name, file.word(given.tokens)).choices():
            if not each.problem:
                yield Pull(f"docker.io/{each.text}", _KNOB).at(call.start, call.method)


def _image(
    file: CodeFile, call: code.Call, image: code.Argument, tag: code.Argument | None, role: Role
) -> Iterator[Candidate]:
    """Yield an image with the tag, the digest and the registry that it is given."""
    word = file.word(image.tokens)
    for each in file.chained(call):
        first = each.positional(0)
        if _method(each) == "WithImageTag":
            tag = first
        elif _method(each) == "WithImageRegistry" and first is not None:
            slash = Piece.literal(Text.of("/"))
            word = Word((*parts_of(file.word(first.tokens)), slash, *word.pieces), quoted=True)
    if tag is not None and tag.tokens:
        word = tagged(word, file.word(tag.tokens))
    yield from file.named(word, image.tokens, role)


FORMAT = Format(
    name="aspire",
    patterns=("*.{cs,ts,mts,js,mjs}",),
    words=((b"DistributedApplication", b"Aspire.Hosting", b"aspire/modules", b".aspire/"),),
    extract=extract,
    own_code=True,
    specification="https://learn.microsoft.com/dotnet/aspire/app-host/configuration",
)
