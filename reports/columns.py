"""The columns of each table: their order, their dtypes, and what they mean.

Text is never missing: what is not known is empty there.
"""

from collections.abc import Mapping

Columns = Mapping[str, str]  # the name of a column: its dtype

TEXT = "str"  # pandas 2 keeps it as objects, pandas 3 as its own strings; never missing
NUMBER = "int64"
KNOWN_NUMBER = "Int64"  # may be missing
SECONDS = "float64"
AMOUNT = "float64"  # of money; NaN where it is not known
FLAG = "bool"
TIME = "datetime64[us, UTC]"

OCCURRENCES: Columns = {
    "path": TEXT,
    "line": NUMBER,  # from 1
    "column": NUMBER,  # from 1
    "format": TEXT,
    "role": TEXT,
    "confidence": TEXT,
    "reference": TEXT,  # in full
    "registry": TEXT,
    "repository": TEXT,
    "tag": TEXT,
    "digest": TEXT,
    "carrier": TEXT,  # docker-hub, mirror, …
    "pulled": FLAG,  # neither output, documentation nor rule
    "text": TEXT,  # as it is written
    "trail": TEXT,  # which variable gave which part, joined by "; "
    "owners": TEXT,  # of the path, as CODEOWNERS says, joined by ", "
}
UNRESOLVED: Columns = {
    "path": TEXT,
    "line": NUMBER,  # from 1; 1 where the whole file is meant
    "format": TEXT,  # empty where the file was not read
    "text": TEXT,  # as it is written
    "reason": TEXT,  # what is missing, and where it could be set
    "owners": TEXT,  # of the path, joined by ", "
}
OWNERS: Columns = {"path": TEXT, "owner": TEXT}
OUTPUTS: Columns = {"path": TEXT, "line": NUMBER, "format": TEXT, "text": TEXT}
RULES: Columns = {
    "path": TEXT,
    "line": NUMBER,
    "column": NUMBER,  # from 1
    "format": TEXT,
    "syntax": TEXT,  # name, glob, prefix, regex
    "text": TEXT,  # as it is written
    "reference": TEXT,  # in full, where the rule names one
}
REFERENCES: Columns = {
    "reference": TEXT,
    "registry": TEXT,
    "repository": TEXT,
    "tag": TEXT,
    "digest": TEXT,  # as it is written
    "carrier": TEXT,
    "roles": TEXT,  # sorted, joined by ", "
    "places": NUMBER,
    "files": NUMBER,
    "first": TEXT,  # path:line
    "verdict": TEXT,  # this and what follows: empty where it was not checked
    "resolved": TEXT,  # the digest a move has to arrive at
    "size": KNOWN_NUMBER,  # bytes, compressed, all platforms
    "platforms": TEXT,  # joined by ", "
}
ACTIONS: Columns = {
    "key": TEXT,
    "action": TEXT,  # create, grant, warm, copy, rewrite, keep, manual
    "subject": TEXT,  # a repository, or the reference or text it is about
    "destination": TEXT,
    "digest": TEXT,
    "wave": KNOWN_NUMBER,  # from 1; missing for what is no transfer
    "places": TEXT,  # path:line, joined by ", "
    "reason": TEXT,
    "owners": TEXT,  # of the places, joined by ", "; empty for what is in no place
}
WAVES: Columns = {
    "wave": NUMBER,  # from 1
    "title": TEXT,
    "images": NUMBER,
    "begins": NUMBER,  # seconds after the start
    "seconds": NUMBER,  # that it takes, going by what is known
    "pulls": NUMBER,  # that Docker Hub counts
    "size": KNOWN_NUMBER,  # bytes, as far as they are known
}
CHARGES: Columns = {
    "what": TEXT,  # storage, scanning, …
    "low": AMOUNT,  # in `currency`, for `per`
    "high": AMOUNT,
    "currency": TEXT,  # ISO 4217
    "per": TEXT,  # once, month, …
    "basis": TEXT,  # what was multiplied with which price
    "source": TEXT,  # URL of the price
    "date": TEXT,  # ISO date on which it was read there
    "remedy": TEXT,  # how to pay less
}
TRANSFERS: Columns = {
    "wave": KNOWN_NUMBER,  # from 1
    "title": TEXT,  # the wave's
    "action": TEXT,  # warm or copy
    "source": TEXT,
    "origin": TEXT,  # where the bytes come from
    "destination": TEXT,
    "digest": TEXT,
    "key": TEXT,
    "reason": TEXT,
}
OUTCOMES: Columns = {
    "key": TEXT,
    "action": TEXT,
    "subject": TEXT,
    "result": TEXT,
    "digest": TEXT,
    "bytes": NUMBER,  # moved over the network, compressed
    "seconds": SECONDS,
    "attempts": NUMBER,
    "pulls": NUMBER,  # from Docker Hub
    "error": TEXT,
}
IMAGES: Columns = {
    "reference": TEXT,  # as the code names it
    "verdict": TEXT,
    "digest": TEXT,  # the one a move has to arrive at
    "mirrored": FLAG,  # mirror.gcr.io serves that digest
    "size": KNOWN_NUMBER,  # bytes, compressed, all platforms
    "platforms": TEXT,  # joined by ", "
}
PROBES: Columns = {
    "reference": TEXT,  # as the code names it
    "verdict": TEXT,
    "place": TEXT,  # hub, mirror, mirror-digest, target
    "asked": TEXT,  # the reference that was asked for there
    "status": TEXT,
    "digest": TEXT,
    "media_type": TEXT,
    "platforms": TEXT,  # joined by ", "
    "size": KNOWN_NUMBER,  # bytes, compressed, all platforms
    "at": TIME,
    "detail": TEXT,
    "code": KNOWN_NUMBER,  # HTTP status; missing where there was no answer
    "elapsed": KNOWN_NUMBER,  # milliseconds
    "host": TEXT,  # that answered
    "said": TEXT,  # the registry's own words, where it refused
    "absence": TEXT,
    "artifact": TEXT,
    "lacking": TEXT,  # digests that it names and that are not there, joined by ", "
}
PLATFORMS: Columns = {
    "reference": TEXT,  # as the code names it
    "platform": TEXT,
    "verdict": TEXT,
    "hub": TEXT,  # digest at Docker Hub, empty where it could not be read without a pull
    "mirror": TEXT,  # digest under the mirror's tag
    "size": KNOWN_NUMBER,  # bytes, compressed
    "lacking": TEXT,
    "detail": TEXT,
}
STABILITIES: Columns = {
    "reference": TEXT,  # at Docker Hub
    "present": FLAG,  # at the last check
    "seen": NUMBER,
    "checks": NUMBER,  # that the mirror answered
    "first": TIME,
    "last": TIME,
    "held_since": TIME,  # missing where it is gone
    "evictions": NUMBER,
    "last_eviction": TIME,  # missing where there was none
    "broken": NUMBER,  # checks that found it without all its blobs
    "level": NUMBER,  # checks that found the same digest at both
    "compared": NUMBER,  # checks that found it at both
    "behind_hours": SECONDS,
    "behind_since": TIME,  # missing where it is not
}
