"""What the words of a report mean: a sentence for each verdict, and a tone for each word that judges."""

from collections.abc import Mapping

from planner.model.availability import Verdict
from reports.charts import Tone

MEANINGS: Mapping[Verdict, str] = {
    Verdict.CACHED_FRESH: "mirror.gcr.io has what Docker Hub has: a copy of it costs no pull",
    Verdict.CACHED_STALE: "mirror.gcr.io has the tag with another digest",
    Verdict.NOT_CACHED: "Docker Hub has it, mirror.gcr.io does not",
    Verdict.RESCUE: "Docker Hub no longer has it, mirror.gcr.io does: copy it now",
    Verdict.MISSING_OR_PRIVATE: "no registry shows it to these credentials",
    Verdict.UNKNOWN: "a registry could not be asked",
}
TONES: Mapping[str, Tone] = {
    Verdict.CACHED_FRESH: Tone.GOOD,
    Verdict.CACHED_STALE: Tone.LATE,
    Verdict.NOT_CACHED: Tone.NEUTRAL,
    Verdict.RESCUE: Tone.RISK,
    Verdict.MISSING_OR_PRIVATE: Tone.LOST,
    Verdict.UNKNOWN: Tone.UNKNOWN,
    **dict.fromkeys(("warm", "done", "steady"), Tone.GOOD),
    **dict.fromkeys(("copy", "present"), Tone.NEUTRAL),
    **dict.fromkeys(("rewrite", "skipped", "behind"), Tone.LATE),
    **dict.fromkeys(("by hand", "failed", "dropped"), Tone.RISK),
    **dict.fromkeys(("broken",), Tone.LOST),
    **dict.fromkeys(("keep", "never there"), Tone.UNKNOWN),
}


def tone(words: str) -> Tone:
    """Return the tone of one word, or of the first of several that are joined by a comma."""
    return TONES.get(words.split(",")[0], Tone.UNKNOWN)
