"""Which files are templates of a chart: they lie below `templates/` and use what Helm gives to templates."""

import re

from planner.model.source import SourceFile

PATTERNS = ("templates/**/*.y{a,}ml", "templates/**/*.json", "templates/**/*.tpl", "templates/**/*.txt")
_PATH = re.compile(r"(?:\A|/)templates/(?:[^/]+/)*[^/]+\.(?:ya?ml|json|tpl|txt)\Z")
_USES_HELM = re.compile(
    r"\.(?:Values|Release|Chart|Capabilities|Template)\b|\b(?:include|template|define|tpl)[ \t]+[\"`.$(]"
)


def is_template(source: SourceFile) -> bool:
    """Whether Helm renders this file; templates of other tools lie in folders of this name, too."""
    return bool(_PATH.search(source.path)) and "{{" in source.text and bool(_USES_HELM.search(source.text))
