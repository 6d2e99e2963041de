"""Texts in CEL, the Common Expression Language.

https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values
"""


def text(value: str) -> str:
    """Return a text as CEL writes it, all of it ASCII."""
    return f'"{"".join(map(_character, value))}"'


def _character(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isascii() and char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
