"""The columns of each table: their order, their dtypes, what they mean, and in which unit.

Text is never missing: what is not known is empty there.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column."""

    dtype: str
    meaning: str = ""
    unit: str = ""


Columns = Mapping[str, Column]

TEXT = Column("str")  # pandas 2 keeps it as objects, pandas 3 as its own strings; never missing
NUMBER = Column("int64")
KNOWN_NUMBER = Column("Int64")  # may be missing
AMOUNT = Column("float64")  # of money; NaN where it is not known


def _text(meaning: str) -> Column:
    return Column("str", meaning)


def _texts(meaning: str, separator: str = ", ") -> Column:
    return Column("str", meaning, f'joined by "{separator}"')


def _number(meaning: str, unit: str = "") -> Column:
    return Column("int64", meaning, unit)


def _known(meaning: str, unit: str = "") -> Column:
    return Column("Int64", meaning, unit)


def _flag(meaning: str) -> Column:
    return Column("bool", meaning)


def _time(meaning: str) -> Column:
    return Column("datetime64[us, UTC]", meaning, "UTC")


_BYTES = "bytes, compressed"
_PLACE = {
    "path": _text("the file, relative to its tree; with several trees, the tree before it"),
    "line": _number("where in it", "from 1"),
}
_COLUMN = _number("where in the line", "characters, from 1")
_NAME = {
    "reference": _text("the image in full: `registry/repository:tag@digest`"),
    "registry": _text("its host; `docker.io` for Docker Hub"),
    "repository": _text("its repository, `library/` written out"),
    "tag": _text("as it is written; empty where none is"),
    "digest": _text("as it is written; empty where none is"),
    "carrier": _text("who serves that name: `docker-hub`, `mirror`, `artifact-registry`, …"),
}
_FIXTURE = _flag("in a file that only tests read")
_OWNERS = _texts("who owns the path, as CODEOWNERS says")

OCCURRENCES: Columns = {
    **_PLACE,
    "column": _COLUMN,
    "format": _text("the kind of file; `hub2ar formats` lists them"),
    "role": _text("why an image is named: `base`, `workload`, …"),
    "confidence": _text("how sure that is: `certain`, `resolved`, `heuristic`, `documentation`"),
    **_NAME,
    "pulled": _flag("whether it makes something pull: no output, documentation, rule or fixture"),
    "fixture": _FIXTURE,
    "text": _text("as it is written"),
    "trail": _texts("which variable gave which part", "; "),
    "owners": _OWNERS,
}
UNRESOLVED: Columns = {
    **_PLACE,
    "format": _text("the kind of file; empty where it was not read"),
    "text": _text("as it is written; empty where the whole file is meant"),
    "reason": _text("what is missing, and where it could be set"),
    "fixture": _FIXTURE,
    "owners": _OWNERS,
}
OWNERS: Columns = {"path": _PLACE["path"], "owner": _text("one of its owners, as CODEOWNERS says")}
OUTPUTS: Columns = {
    **_PLACE,
    "format": _text("the kind of file"),
    "text": _text("the name that is built or pushed, as it is written"),
}
RULES: Columns = {
    **_PLACE,
    "column": _COLUMN,
    "format": _text("the kind of file"),
    "syntax": _text("how names are compared: `name`, `glob`, `prefix`, `regex`"),
    "text": _text("what they are compared with, as it is written"),
    "reference": _text("the image in full, where the rule names one"),
}
REFERENCES: Columns = {
    **_NAME,
    "roles": _texts("why the code names it, sorted"),
    "places": _number("places that name it", "places"),
    "files": _number("files that name it", "files"),
    "path": _text("the file of the first place; empty where none is known"),
    "line": _known("the line of the first place", "from 1"),
    "owners": _texts("who owns its places, in their order"),
    "verdict": _text("where it is available, as the check says; empty where it was not checked"),
    "resolved": _text("the digest that a move has to arrive at; empty where it is not known"),
    "mirrored": _flag("whether mirror.gcr.io serves that digest"),
    "size": _known("of all platforms", _BYTES),
    "platforms": _texts("what it is made for, as the first registry that was read says"),
    "stability": _text("`steady`, `dropped`, `broken`, `behind`, `never there`; empty without a history"),
    "seen": _known("checks that found it on mirror.gcr.io", "checks"),
    "checks": _known("checks that mirror.gcr.io answered", "checks"),
    "decision": _texts("what the plan does: `warm`, `copy`, `rewrite`, `keep`, `by hand`"),
    "why": _texts("the plan's reasons", "; "),
    "destination": _texts("where the plan takes it, in full"),
    "wave": _known("the first wave in which it moves", "from 1"),
    "pulls": _known("what Docker Hub counts for moving it", "pulls"),
}
UNDECIDED: Columns = {
    "subject": _text("the reference, the text that is none, or a path"),
    "problem": _text("what is in the way"),
    "what_to_do": _text("what would settle it"),
    "places": _number("places that it is about", "places"),
    "path": _text("the file of the first place"),
    "line": _known("the line of the first place", "from 1"),
    "owners": _texts("who owns the places"),
}
ACTIONS: Columns = {
    "key": _text("the hash of what the action does; outcomes have the same"),
    "action": _text("`create`, `allow`, `grant`, `warm`, `copy`, `rewrite`, `keep`, `manual`"),
    "subject": _text("a repository, or the reference or text it is about"),
    "destination": _text("where it ends, in full"),
    "digest": _text("what a transfer carries; empty where it is read on the way"),
    "wave": _known("when it runs; missing for what is no transfer", "from 1"),
    "places": _texts("`path:line` of what it is about"),
    "reason": _text("why the plan does that"),
    "owners": _texts("who owns the places"),
}
WAVES: Columns = {
    "wave": _number("its number", "from 1"),
    "title": _text("what it holds"),
    "images": _number("transfers in it", "images"),
    "begins": _number("after the start of the move", "seconds"),
    "seconds": _number("that it takes, going by what is known", "seconds"),
    "pulls": _number("that Docker Hub counts", "pulls"),
    "size": _known("of its images, as far as it is known", _BYTES),
}
CHARGES: Columns = {
    "what": _text("storage, scanning, …"),
    "low": Column("float64", "the least it can be; missing where it is not known", "`currency` for `per`"),
    "high": Column("float64", "the most it can be; missing where it is not known", "`currency` for `per`"),
    "currency": _text("ISO 4217"),
    "per": _text("`once`, `month`, …"),
    "basis": _text("what was multiplied with which price"),
    "source": _text("URL of the price"),
    "date": _text("ISO date on which it was read there"),
    "remedy": _text("how to pay less"),
}
TRANSFERS: Columns = {
    "wave": _known("when it runs", "from 1"),
    "title": _text("the wave's"),
    "action": _text("`warm` or `copy`"),
    "source": _text("the image, as the upstream calls it"),
    "origin": _text("where the bytes come from"),
    "destination": _text("where they go, in full"),
    "digest": _text("what is moved; empty where it is read on the way"),
    "key": _text("the action's; outcomes have the same"),
    "reason": _text("why the plan does that"),
}
OUTCOMES: Columns = {
    "key": _text("the action's, as in `actions`"),
    "action": _text(
        "`create`, `allow`, `grant`, `warm`, `copy`; of `verify`: `verify`, `access`, `code`, `pull`"
    ),
    "subject": _text("the repository or the destination"),
    "result": _text("`done`, `present`, `failed`, `skipped`"),
    "digest": _text("what is there now; empty where it is not known"),
    "bytes": _number("moved over the network", _BYTES),
    "seconds": Column("float64", "that it took", "seconds"),
    "attempts": _number("how often it was tried", "attempts"),
    "pulls": _number("that Docker Hub counted, as far as this side can tell", "pulls"),
    "saved": _number("pulls that a free source spared", "pulls"),
    "error": _text("what went wrong"),
    "detail": _text("what was changed, or what came of an image beside its digest"),
    "at": _time("when it was recorded; missing where it was not"),
}
PROBES: Columns = {
    "reference": _text("the image, as the code names it"),
    "verdict": _text("what all answers together say"),
    "place": _text("who was asked: `hub`, `mirror`, `mirror-digest`, `target`"),
    "asked": _text("the reference that was asked for there"),
    "status": _text("`present`, `missing`, `denied`, `rate-limited`, `unreachable`"),
    "digest": _text("what is there; empty where nothing is"),
    "media_type": _text("of the manifest"),
    "platforms": _texts("what it is made for"),
    "size": _known("of all platforms", _BYTES),
    "at": _time("when it was asked"),
    "detail": _text("what is to know beside the status"),
    "code": _known("HTTP status; missing where there was no answer"),
    "elapsed": _known("until the answer", "milliseconds"),
    "host": _text("that answered"),
    "said": _text("the registry's own words, where it refused"),
    "absence": _text("what is known of why it is not there"),
    "artifact": _text("what it is, where it is no image"),
    "lacking": _texts("digests that it names and that are not there"),
}
PLATFORMS: Columns = {
    "reference": _text("the image, as the code names it"),
    "platform": _text("`linux/arm64`, …"),
    "verdict": _text("where it is available for that platform"),
    "hub": _text("digest at Docker Hub; empty where it could not be read without a pull"),
    "mirror": _text("digest under the mirror's tag"),
    "size": _known("of that platform", _BYTES),
    "lacking": _texts("digests that it names and that are not there"),
    "detail": _text("what is to know beside the verdict"),
}
STABILITIES: Columns = {
    "reference": _text("the image at Docker Hub"),
    "present": _flag("whether the last check found it"),
    "seen": _number("checks that found it", "checks"),
    "checks": _number("checks that the mirror answered", "checks"),
    "first": _time("the first check"),
    "last": _time("the last check"),
    "held_since": _time("since when it is there; missing where it is gone"),
    "evictions": _number("how often it was gone again", "times"),
    "last_eviction": _time("when that was seen last; missing where it never was"),
    "broken": _number("checks that found it without all its blobs", "checks"),
    "level": _number("checks that found the same digest at both", "checks"),
    "compared": _number("checks that found it at both", "checks"),
    "behind_hours": Column("float64", "how long the mirror had another digest", "hours"),
    "behind_since": _time("since when it has; missing where it has not"),
}
TREND: Columns = {
    "at": _time("when the document was made"),
    "document": _text("its file"),
    "dated": _text("what tells when: `document`, `name` or, where neither does, `file`"),
    "references": _number("images of Docker Hub that the code named, with their tags", "images"),
    "places": _number("places that named one", "places"),
    "added": _number("places that the snapshot before did not have", "places"),
    "gone": _number("places that only the snapshot before had", "places"),
    "moved": _known("that had arrived by then; missing without outcomes", "images"),
}
TREND_OWNERS: Columns = {
    "at": _time("when the document was made"),
    "owner": _text("one of the owners, as CODEOWNERS says; a place may have several"),
    **{name: TREND[name] for name in ("references", "places", "added", "gone")},
}
LEFT: Columns = {
    "path": _PLACE["path"],
    "repository": _text("at Docker Hub, `library/` written out"),
    "places": _number("how often the file names it", "places"),
    "since": _time("the first snapshot that has it"),
    "added": _flag("whether the oldest snapshot did not have it"),
    "owners": _OWNERS,
}
