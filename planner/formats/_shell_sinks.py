"""What becomes of a text that a script feeds to a command or writes into a file.

`kubectl apply -f -` reads manifests, `docker build -` a Dockerfile, `bash` a script; what is written into a
file is what the file's name says.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from planner.formats._base import Embedded
from planner.formats._command_line import Options, arguments, program
from planner.formats._shell_words import Piece, Word
from planner.model.source import Text

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su"})
_REMOTE = frozenset(
    {"docker", "podman", "nerdctl", "kubectl", "oc", "vagrant", "lxc", "limactl", "multipass"}
)
_PASSING = frozenset({"cat", "sed", "envsubst", "tee", "sudo", "grep", "sort", "uniq", "gomplate", "j2"})
_SSH = Options.of("", "bcDEeFIiJLlmOopQRSWw")
_KUBECTL = frozenset({"kubectl", "oc", "k3s", "microk8s", "minikube", "k0s"})
_APPLIES = frozenset({"apply", "create", "replace", "delete", "patch"})
_STANDARD_INPUT = ("-", "/dev/stdin")
_ESCAPES = re.compile(r"\\([nt\\])")
_FORMAT = re.compile(r"%(?:s|q|b|%)|\\([nt\\])")
_ESCAPED = {"n": "\n", "t": "\t", "\\": "\\"}
_MANIFEST = re.compile(r"(?m)^apiVersion:[^\0]{0,4000}?^kind:|^kind:[^\0]{0,4000}?^apiVersion:")
_WHOLE_MANIFEST = re.compile(
    r"\s*(?:---\s+|#[^\n]*\n\s*)*(?:apiVersion:[^\0]{0,4000}?^kind:|kind:[^\0]{0,4000}?^apiVersion:)", re.M
)
_DOCKERFILE = re.compile(r"(?i)(?:[ \t]*(?:#[^\n]*)?\n)*(?:ARG [^\n]*\n+)*FROM\s")


def flat(word: Word) -> Text:
    """Return a text with what is known filled in; what is not stays as it is written."""
    return Text.join(
        piece.values[0].text if not piece.values[0].problem else piece.written for piece in word.pieces
    )


def passes_on(name: str) -> bool:
    """Tell whether a command writes more or less what it reads."""
    return name in _PASSING


def printed(words: Sequence[Word]) -> Word | None:
    """Return what `echo` or `printf` prints; None for another command."""
    name, operands = program(words), list(words[1:])
    if name == "printf" and operands:
        return _formatted(operands)
    if name != "echo":
        return None
    escapes = False
    while operands and re.fullmatch(r"-[neE]+", str(operands[0])):
        escapes = escapes or "e" in str(operands[0])
        del operands[0]
    pieces = [piece for word in operands for piece in (*word.pieces, Piece.literal(Text.of(" ")))]
    found = Word(tuple(pieces[:-1]), quoted=True)
    return _unescaped(found) if escapes else found


def _formatted(operands: list[Word]) -> Word:
    """Return what `printf` prints: `%s` is the next operand, and what is left starts over."""
    pieces: list[Piece] = []
    rest = operands[:0:-1]
    while True:
        before = len(rest)
        for piece in operands[0].pieces:
            pieces += _filled(piece, rest) if not piece.name else (piece,)
        if not rest or len(rest) == before:
            return Word(tuple(pieces), quoted=True)


def _filled(piece: Piece, rest: list[Word]) -> Iterator[Piece]:
    position, text = 0, piece.values[0].text
    for match in _FORMAT.finditer(str(text)):
        yield Piece.literal(text.cut(position, match.start()))
        position = match.end()
        if match[1]:
            yield Piece.literal(Text.of(_ESCAPED[match[1]]))
        elif match[0] == "%%":
            yield Piece.literal(text.cut(match.start(), match.start() + 1))
        elif rest:
            yield from rest.pop().pieces
    yield Piece.literal(text.cut(position, len(text)))


def _unescaped(word: Word) -> Word:
    pieces: list[Piece] = []
    for piece in word.pieces:
        if piece.name:
            pieces.append(piece)
            continue
        position, text = 0, piece.values[0].text
        for match in _ESCAPES.finditer(str(text)):
            pieces.append(Piece.literal(text.cut(position, match.start())))
            pieces.append(Piece.literal(Text.of(_ESCAPED[match[1]])))
            position = match.end()
        pieces.append(Piece.literal(text.cut(position, len(text))))
    return Word(tuple(pieces), quoted=True)


def is_script(words: Sequence[Word]) -> bool:
    """Tell whether a command runs what it reads as a script: `bash -s`, `ssh host`, `docker exec -i c sh`."""
    name, rest = program(words), [str(word) for word in words[1:]]
    if name in SHELLS:
        operands = [word for word in rest if not word.startswith("-") or word in _STANDARD_INPUT]
        stops = "-c" in rest or (name != "su" and "-s" not in rest and bool(operands))
        return not stops or (bool(operands) and operands[0] in _STANDARD_INPUT)
    if name == "ssh":
        operands = [str(word) for word in arguments(words[1:], _SSH, mixed=False).operands]
        shell = [posixpath.basename(word) for word in operands[1:] if word not in ("sudo", "-s", "--", "-")]
        return len(operands) == 1 or (bool(shell) and shell[0] in SHELLS and "-c" not in operands)
    last = [word for word in rest if word not in ("-s", "-", "-e", "-x", "-l")][-1:]
    return name in _REMOTE and bool(last) and posixpath.basename(last[0]) in SHELLS


def fed(words: Sequence[Word], text: Word) -> Iterator[Embedded]:
    """Yield what a command reads as a file of some kind."""
    if kind := _kind(program(words), [str(word) for word in words[1:]]):
        yield Embedded(flat(text), kind) if "." in kind else Embedded(flat(text), formats=(kind,))


def _kind(name: str, rest: list[str]) -> str:
    """Return the format or the file name of what a command reads from standard input."""
    standard = any(word in _STANDARD_INPUT or word.endswith(("=-", "=/dev/stdin")) for word in rest)
    ends_with_option = bool(rest) and rest[-1] in ("-f", "--filename", "-c", "--config", "--file", "--values")
    glued = any(word in ("-f-", "-c-") for word in rest)
    if not (standard or ends_with_option or glued):
        return ""
    if name in _KUBECTL:
        return "kubernetes" if _APPLIES.intersection(rest) else ""
    if name in ("docker-compose", "podman-compose"):
        return "compose"
    if name in ("docker", "podman", "nerdctl", "buildah"):
        return _container_input(rest)
    if name == "helm":
        return "values.yaml"
    return "kind.yaml" if name == "kind" else ""


def _container_input(rest: list[str]) -> str:
    if "bake" in rest:
        return "docker-bake.hcl"
    if {"compose", "stack"}.intersection(rest[:3]):
        return "compose"
    if "kube" in rest[:2]:
        return "kubernetes"
    return "dockerfile" if {"build", "bud"}.intersection(rest) else ""


def written(target: Word, text: Word) -> Iterator[Embedded]:
    """Yield what is written into a file, as its name says; where that says nothing, as the text does."""
    content = flat(text)
    name = re.sub(r"\A(?:\.{0,2}/|~/)+", "", _known_end(target))
    string = str(content)
    if posixpath.splitext(name)[1] or re.match(
        r"(?i)(?:docker|container|make|vagrant|jenkins|earth|tilt|just)file", name
    ):
        yield Embedded(content, name)
    elif _MANIFEST.search(string):
        yield Embedded(content, formats=("kubernetes",))
    elif _DOCKERFILE.match(string):
        yield Embedded(content, formats=("dockerfile",))
    elif string.startswith("#!") and re.match(r"#![^\n]*\b(?:ba|da|z|k)?sh\b", string):
        yield Embedded(content, formats=("shell",))


def shown(text: Word) -> Iterator[Embedded]:
    """Yield a manifest that a script prints for whoever calls it; anything else it prints is for people."""
    content = flat(text)
    if _WHOLE_MANIFEST.match(str(content)):
        yield Embedded(content, formats=("kubernetes",))


def _known_end(word: Word) -> str:
    """Return the end of a path, from after the last variable that is not known."""
    texts: list[str] = []
    for piece in reversed(word.pieces):
        if piece.values[0].problem:
            end = "".join(reversed(texts))
            return end.partition("/")[2] if not end.startswith("/") else end
        texts.append(str(piece))
    return "".join(reversed(texts))
