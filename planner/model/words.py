"""Words for people: how many of a thing there are."""


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 days`, `1,200 repositories`."""
    if number == 1:
        return f"1 {noun}"
    changes = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{number:,} {noun[:-1]}ies" if changes else f"{number:,} {noun}s"
