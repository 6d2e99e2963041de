"""Files that describe what others may say: JSON schemas, descriptions of APIs, definitions of resources.

Where they speak of images they name a field for one; only a definition of resources may name a default. They
are long, and each format would read them in vain. A definition among other documents becomes a comment.
"""

import re
from itertools import pairwise

_SUFFIXES = (".json", ".yaml", ".yml")
_HEAD = 2_000  # bytes in which a schema says that it is one
# A key of the whole file: https://json-schema.org/draft/2020-12/json-schema-core#section-8.1.1
_SCHEMA = re.compile(
    rb"""(?xs) \s*+ (?:
      \{ \s*+ (?: (?!"\$schema") "(?:[^"\\]|\\.)*+" \s*+ : \s*+
          (?: "(?:[^"\\]|\\.)*+" | [\w.+-]++ | \[[^\[\]]*+\] | \{[^{}]*+\} ) \s*+ , \s*+ )*+
        "\$schema" \s*+ : \s*+ "
    | (?: \#[^\n]*+\n\s*+ | ---\s++ )*+ (?P<quote>["']?) \$schema (?P=quote) [ ]*+ : [ ]*+ ["']?
    ) https?://json-schema\.org/"""
)
# https://spec.openapis.org/oas/v3.1.1#openapi-object
_API = re.compile(rb"\s*+(?:\{\s*+)?[\"']?(?:openapi|swagger)[\"']?\s*+:\s*+[\"']?[1-9]\.\d")
# https://developers.google.com/discovery/v1/reference/apis#resource-representations
_DISCOVERY = re.compile(rb"""(?:\A\s*+\{\s*+|\n[ \t]{0,2})"kind"\s*+:\s*+"discovery\#restDescription\"""")
_DEFINITION = b"CustomResourceDefinition"
_DOCUMENT = re.compile(rb"\n---(?=[\s#]|\Z)")
_KIND = re.compile(rb"\nkind:[ \t]*+[\"']?(\w*+)")
_NOTHING = re.compile(rb"(?:\s++|\#[^\n]*+|\{\{[^\n]*+)*+\Z")  # but comments and what a template controls
# What may name an image in a definition, each found by the word that it begins with:
_NAMING = tuple(
    re.compile(each)
    for each in (
        rb"/[\w.-]++[:@][\w.:@-]++[\"',\]} \t\r]*+(?:\n|\Z)",  # a path with a version, at the end of a line
        rb"default[\"']?[ \t]*+:[ \t]++[\"']?\w[^\s\"'/:]*+(?::\d++)?/",  # a path that a field has by itself
        *(  # a field that is no schema: it has a value of one word, of a template or of many lines
            word + rb"[\w.-]*+[\"']?[ \t]*+:[ \t]++"
            rb"(?:[\"']?\{\{|[|>]|[\"']?[^\s\"'{}]++[\"']?[ \t]*+(?:[\r\n,}#]|\Z))"
            for word in (b"mage", b"MAGE", b"repository", b"registry")
        ),
    )
)
_TOLD = (b"renovate:", b"hub2ar:")  # in a comment, of what stands beside it
# A line that no definition has, nor what a template controls: another document, or a script
_OTHER = re.compile(
    rb"\n(?!apiVersion:|kind:|metadata:|spec:|status:|---[ \t]*+(?:[\r\n#]|\Z)|[ \r\n#]|\{\{|\{%|<%|\Z)"
)
_ACTION = re.compile(rb"\{\{|\{%|<%|#@")  # of a template: it may control what follows
_LINE_ENDS = b"\r\n"
_COMMENT = bytes(each if each in _LINE_ENDS else ord("#") for each in range(256))
_CONTINUED = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that begin no character


def undescribed(path: str, content: bytes) -> bytes:
    """Return a file without what only describes others; nothing where that is all of it.

    What is left stands where it stood, going by characters and lines.
    """
    if not path.endswith(_SUFFIXES):
        return content
    head = content[:_HEAD]
    if _API.match(head) or (b"json-schema.org" in head and _SCHEMA.match(head)):
        return b""
    if b"discovery#restDescription" in content and _DISCOVERY.search(content):
        return b""
    return without_definitions(content)


def without_definitions(content: bytes) -> bytes:
    """Return a text of YAML with its definitions of resources as comments; nothing if it has only those."""
    if _DEFINITION not in content:
        return content
    content = b"\n" + content
    starts = [0, *(match.start() for match in _DOCUMENT.finditer(content)), len(content)]
    documents = [content[start:end] for start, end in pairwise(starts)]
    defining = [_defines(each) for each in documents]
    pairs = list(zip(documents, defining, strict=True))
    if all(defined or _is_nothing(each) for each, defined in pairs):
        return b""
    return b"".join(_commented(each) if defined else each for each, defined in pairs)[1:]


def _defines(document: bytes) -> bool:
    """Whether a document is a definition of resources that names no image.

    https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
    """
    return (
        _DEFINITION in document
        and set(_KIND.findall(document)) == {_DEFINITION}
        and not any(word in document for word in _TOLD)
        and not _OTHER.search(document)
        and not any(pattern.search(document) for pattern in _NAMING)
    )


def _is_nothing(document: bytes) -> bool:
    """Whether a document has nothing but its mark, comments and what a template controls."""
    return _NOTHING.match(document.removeprefix(b"\n---")) is not None


def _commented(document: bytes) -> bytes:
    """Return a document as a comment of as many lines and characters, if it is text and no template."""
    if _ACTION.search(document) or not _is_text(document):
        return document
    return document.translate(_COMMENT, _CONTINUED)


def _is_text(document: bytes) -> bool:
    if document.isascii():
        return True
    try:
        document.decode()
    except UnicodeDecodeError:
        return False
    return True
