"""Files that describe what others may say: JSON schemas, descriptions of APIs, definitions of resources.

Where they speak of images they name a field for one; only a definition of resources may name a default. They
are long, and each format would read them in vain.
"""

import re

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
# What a resource gets where nobody says which image: a host with a dot, a path, a tag or a digest.
_DEFAULT = re.compile(
    rb"\n[ ]*+default:[ ]++[\"']?[\w-]++(?:\.[\w-]++)++(?::\d++)?(?:/[\w.-]++)++[:@][\w.:-]++[\"']?[ \t]*+\n"
)
_DOCUMENT = re.compile(rb"\n---(?=[\s#]|\Z)")
_KIND = re.compile(rb"\nkind:[ \t]*+[\"']?(\w*+)")
_NOTHING = re.compile(rb"(?:\s++|\#[^\n]*+|\{\{[^\n]*+)*+\Z")  # but comments and what a template controls


def describes(path: str, content: bytes) -> bool:
    """Whether a file is a schema from its first line to its last."""
    if not path.endswith(_SUFFIXES):
        return False
    head = content[:_HEAD]
    if _API.match(head) or (b"json-schema.org" in head and _SCHEMA.match(head)):
        return True
    if b"discovery#restDescription" in content and _DISCOVERY.search(content):
        return True
    if _DEFINITION not in content or _DEFAULT.search(content):
        return False
    return all(map(_defines, _DOCUMENT.split(b"\n" + content)))


def _defines(document: bytes) -> bool:
    """Whether a document is a definition of resources, or says nothing.

    https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
    """
    kinds = _KIND.findall(document)
    return set(kinds) == {_DEFINITION} if kinds else _NOTHING.match(document) is not None
