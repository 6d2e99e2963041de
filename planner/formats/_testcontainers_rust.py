"""Testcontainers in Rust: images with a type of their own, whose methods tell the name and the tag."""

from collections.abc import Iterator

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.model.inventory import Role

_HEAD = 24  # tokens between `impl` and its block
_BODY = 16  # tokens that tell a name or a tag
_FEW = 3  # groups between the parameters of a function and its body


def images(file: CodeFile) -> Iterator[Candidate]:
    """Yield what types are given by `impl Image for X { fn name(&self) -> &str { … } … }`."""
    for index, token in enumerate(file.tokens):
        if token.text == "impl" and token.kind is code.Kind.NAME and (block := _block(file, index)):
            name, tag = _returned(file, block, "name"), _returned(file, block, "tag")
            if name is not None and tag is not None:
                word = tagged(file.word(name), file.word(tag))
                yield from file.named(word, name, Role.TEST)


def _block(file: CodeFile, index: int) -> code.Group | None:
    """Return the block of `impl Image for X {`, None where it is that of another trait."""
    head = [token.text for token in file.tokens[index + 1 : index + _HEAD]]
    if "{" not in head or "for" not in head[: head.index("{")]:
        return None
    if head[head.index("for") - 1] != "Image":
        return None
    return file.opened(index + 1 + head.index("{"))[0]


def _returned(file: CodeFile, block: code.Group, method: str) -> list[code.Token] | None:
    """Return the tokens of what a method of a block returns, None where it does more or is not there."""
    for call in file.named_calls(method, file.tokens[min(block.closed, len(file.tokens) - 1)].start):
        if call.opened < block.opened or file.tokens[call.opened - 2].text != "fn":
            continue
        for body in file.opened(call.closed)[:_FEW]:
            if body.bracket == "{":
                tokens = list(file.tokens[body.opened + 1 : body.closed])
                return tokens if 0 < len(tokens) <= _BODY and tokens[-1].text != ";" else None
    return None
