import subprocess

import pytest
import yaml
from exporting import plan, reference, text
from hypothesis import given, strategies

from planner.exports._known import export
from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part, SourceFile

PREFIX = "us-docker.pkg.dev/acme/hub"
PATH = "charts/web/values.yaml"


def found(values, part, piece, path=PATH, after=0):
    """The place of a piece of a values file."""
    start = values.index(piece, after)
    return Fragment(part, start, start + len(piece), piece, "" if path == PATH else path)


def moving(image, *fragments, path=PATH):
    upstream = reference(image)
    destination = reference(f"{PREFIX}/{upstream.repository}").with_version(upstream.tag, upstream.digest)
    return Rewrite(path, 2, 3, image, upstream, destination, fragments, "the code names it")


def written(values, *actions, path=PATH):
    sources = {path: SourceFile(path, values)} if values is not None else {}
    return text("helm", plan(*actions), sources=sources)


def settings(script):
    """What `helm upgrade` is told to set, as a shell gives it to the program."""
    program = "helm() { printf '%s\\0' \"$@\"; }\n"
    done = subprocess.run(["bash"], input=(program + script).encode(), capture_output=True, check=True)
    words = done.stdout.decode().split("\0")
    pairs = [words[n + 1] for n, word in enumerate(words) if word == "--set"]
    return {key: value for key, _, value in (pair.rpartition("=") for pair in pairs)}


def test_string_keeps_its_tag():
    values = "image: nginx:1.27\n"
    moved = moving("nginx:1.27", found(values, Part.NAME, "nginx"), found(values, Part.TAG, "1.27"))
    assert settings(written(values, moved)) == {"image": f"{PREFIX}/library/nginx:1.27"}


def test_repository_beside_its_tag_is_set_alone():
    values = 'web:\n  image:\n    repository: "nginx"  # the web\n    tag: "1.27"\n'
    moved = moving("nginx:1.27", found(values, Part.NAME, "nginx"), found(values, Part.TAG, "1.27"))
    assert settings(written(values, moved)) == {"web.image.repository": f"{PREFIX}/library/nginx"}


def test_registry_and_repository_are_set_each():
    values = "image:\n  registry: docker.io\n  repository: grafana/grafana\n  tag: 11\n"
    moved = moving(
        "grafana/grafana:11",
        found(values, Part.REGISTRY, "docker.io"),
        found(values, Part.REPOSITORY, "grafana/grafana"),
        found(values, Part.TAG, "11"),
    )
    assert settings(written(values, moved)) == {
        "image.registry": "us-docker.pkg.dev",
        "image.repository": "acme/hub/grafana/grafana",
    }


def test_place_in_a_values_file_counts_whatever_file_uses_it():
    values = "image: nginx:1.27\n"
    fragment = Fragment(Part.NAME, 7, 12, "nginx", PATH)
    moved = moving("nginx:1.27", fragment, path="charts/web/templates/web.yaml")
    assert settings(written(values, moved)) == {"image": f"{PREFIX}/library/nginx:1.27"}


def test_command_is_for_the_chart_of_the_file():
    values = "image: nginx\n"
    assert "helm upgrade RELEASE ./charts/web \\\n" in written(
        values, moving("nginx", found(values, Part.NAME, "nginx"))
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ("images:\n- image: nginx\n", "it stands in a list"),
        ('image: "ng\\x69nx"\n# nginx\n', "spells it with escapes"),
        ("image: [nginx\n", "spells it with escapes"),
        ("image: nginx {{ .Values.tag }}\n", "signs that --set reads"),
        ("image: apache\n# nginx\n", "the file has changed"),
    ],
)
def test_what_cannot_be_set_is_told(values, why):
    said = written(values, moving("nginx", found(values, Part.NAME, "nginx") if "nginx" in values else None))
    assert settings(said) == {}
    assert "#   not set: line 2, nginx: " in said
    assert why in said


def test_name_of_several_pieces_is_told():
    values = "a: ngi\nb: nx\n"
    moved = moving("nginx", found(values, Part.NAME, "ngi"), found(values, Part.NAME, "nx"))
    assert "its name is put together from several pieces" in written(values, moved)


def test_key_of_two_images_is_told():
    values = "registry: docker.io\n"
    fragment = found(values, Part.NAME, "docker.io")
    said = written(values, moving("nginx", fragment), moving("redis", fragment))
    assert settings(said) == {}
    assert "not set: registry: it would be" in said


def test_file_that_is_not_there_is_told():
    said = written(None, moving("nginx", Fragment(Part.NAME, 7, 12, "nginx")))
    assert f"# {PATH}\n#   cannot be read here" in said


@pytest.mark.parametrize(
    ("path", "read"), [("values-prod.yml", True), ("a/values.yaml", True), ("a/web.yaml", False)]
)
def test_values_files_are_read(path, read):
    document = plan(moving("nginx", Fragment(Part.NAME, 0, 5, "nginx"), path=path))
    assert export("helm").reads(document) == ((path,) if read else ())


KEYS = strategies.lists(
    strategies.text("abcXYZ.,=[]\\'\"$` -_é\n", min_size=1, max_size=6), min_size=1, max_size=3
)


@given(KEYS)
def test_key_leads_to_the_value_that_it_was_found_by(keys):
    tree = "nginx"
    for key in reversed(keys):
        tree = {key: tree}
    values = yaml.safe_dump(tree)
    start = values.rindex("nginx")
    script = written(values, moving("nginx", Fragment(Part.NAME, start, start + 5, "nginx")))
    ((key, value),) = settings(script).items()
    assert (taken_apart(key), value) == (keys, f"{PREFIX}/library/nginx")


def taken_apart(key):
    """The keys as Helm reads them: https://github.com/helm/helm/blob/main/pkg/strvals/parser.go."""
    found_, here, escaped = [], "", False
    for char in key:
        if escaped or char not in "\\.":
            here, escaped = here + char, False
        elif char == "\\":
            escaped = True
        else:
            found_, here = [*found_, here], ""
    return [*found_, here]
