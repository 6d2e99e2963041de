"""Actions of a chart's templates: what they make of given values, and what they lack."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._chart_branches import Places
from planner.formats._chart_defines import image_defines
from planner.formats._placeholders import settled
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

HEX = "ab" * 32
VALUES = {
    "image.registry": "docker.io", "image.repository": "a/b", "image.tag": "1", "image.digest": "",
    "web.repository": "c", "web.tag": "", "global.imageRegistry": "", "pinned.repository": "p",
    "pinned.digest": f"sha256:{HEX}", "pinned.tag": "2", "ref": "nginx:1",
    "composed.image": "d:{{ .Chart.Version }}",
}  # fmt: skip
CHART = {"AppVersion": "9.9", "Version": "0.1.0", "Name": "shop"}


def known(defines: dict[str, str] | None = None, **changed: str) -> dict[str, Text]:
    values = {**VALUES, **{name.replace("_", "."): value for name, value in changed.items()}}
    found = {
        f".Values.{name}": Text.at(100 * number, text, "values.yaml")
        for number, (name, text) in enumerate(values.items())
    }
    found |= {f".Chart.{name}": Text.at(10, text, "Chart.yaml") for name, text in CHART.items()}
    return found | {
        f'include "{name}"': Text.at(500, body, "templates/_helpers.tpl")
        for name, body in (defines or {}).items()
    }


def settle(value: str, defines: dict[str, str] | None = None, **changed: str) -> Candidate:
    return settled(Candidate.of(Text.at(0, value), Role.WORKLOAD), known(defines, **changed))


def value(written: str, defines: dict[str, str] | None = None, **changed: str) -> str:
    candidate = settle(written, defines, **changed)
    assert candidate.problem == ""
    return str(candidate.value)


PARTS = "{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}"


def test_parts_are_put_together():
    assert value(PARTS) == "docker.io/a/b:1"


def test_pieces_keep_their_places():
    runs = settle("{{ .Values.image.repository }}:{{ .Values.image.tag }}").value.runs
    assert [(run.text, run.start, run.path) for run in runs] == [
        ("a/b", 100, "values.yaml"),
        (":", 30, ""),
        ("1", 200, "values.yaml"),
    ]


def test_trail_says_which_name_gave_which_part_and_where():
    candidate = settle("a:{{ .Values.image.tag }}")
    assert (candidate.trail, candidate.confidence) == (
        (".Values.image.tag=1 (values.yaml)",),
        Confidence.RESOLVED,
    )


def test_trail_leaves_out_what_was_only_asked_for():
    assert settle("{{ if .Values.ref }}a:{{ .Values.image.tag }}{{ end }}").trail == (
        ".Values.image.tag=1 (values.yaml)",
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{ .Values.ref }}", "nginx:1"),
        ("{{.Values.ref}}", "nginx:1"),
        ("{{- .Values.ref -}}", "nginx:1"),
        ("{{ $.Values.ref }}", "nginx:1"),
        ("{{ (.Values.image).repository }}", "a/b"),
        ("{{ .Values.ref | quote }}", "nginx:1"),
        ("{{ .Values.ref | toString | trim | squote }}", "nginx:1"),
        ("{{ quote .Values.ref }}", "nginx:1"),
        ("x:{{ .Values.image.tag | default .Chart.AppVersion }}", "x:1"),
        ("x:{{ .Values.web.tag | default .Chart.AppVersion }}", "x:9.9"),
        ('x:{{ .Values.web.tag | default "3" }}', "x:3"),
        ("x:{{ .Values.web.tag | default `3` }}", "x:3"),
        ("x:{{ .Values.web.tag | default 3.1 }}", "x:3.1"),
        ("x:{{ default .Chart.AppVersion .Values.web.tag }}", "x:9.9"),
        ("x:{{ .Values.unset.tag | default .Values.image.tag }}", "x:1"),
        ("x:{{ .Values.web.tag | default (.Values.unset.tag | default .Chart.Version) }}", "x:0.1.0"),
        ("x:{{ coalesce .Values.web.tag .Values.unset.tag .Values.image.tag }}", "x:1"),
        ("x:{{ or .Values.web.tag .Chart.AppVersion }}", "x:9.9"),
        ('{{ printf "%s:%s" .Values.image.repository .Values.image.tag }}', "a/b:1"),
        ('{{ printf "%s:%v" .Values.web.repository (default .Chart.Version .Values.web.tag) }}', "c:0.1.0"),
        ('{{ printf "%s/x" .Values.image.registry | quote }}', "docker.io/x"),
        ('{{ ternary "a" "b" (empty .Values.web.tag) }}', "a"),
        ('x:v{{ .Values.image.tag | trimPrefix "v" }}', "x:v1"),
        ('{{ required "say which" .Values.ref }}', "nginx:1"),
        ('{{ index .Values "image" "repository" }}', "a/b"),
        ("{{ tpl .Values.composed.image . }}", "d:0.1.0"),
        ("{{/* why */}}{{ .Values.ref }}", "nginx:1"),
        ("{{ .Values.global.imageRegistry | default .Values.image.registry }}/x", "docker.io/x"),
        ("x{{ if .Values.web.tag }}:{{ .Values.web.tag }}{{ end }}", "x"),
        ("x{{ if .Values.pinned.digest }}:{{ .Values.pinned.tag }}{{ else }}:3{{ end }}", "x:2"),
        ("x:{{ if .Values.web.tag }}1{{ else if .Values.image.tag }}2{{ else }}3{{ end }}", "x:2"),
        ("x:{{ with .Values.image }}{{ .tag }}{{ end }}", "x:1"),
        ("x{{ with .Values.web.tag }}:{{ . }}{{ else }}:{{ .Chart.Version }}{{ end }}", "x:0.1.0"),
        ("{{ $tag := .Values.web.tag | default .Chart.AppVersion }}x:{{ $tag }}", "x:9.9"),
        ('{{ if eq .Values.image.tag "1" }}a{{ else }}b{{ end }}', "a"),
        ("{{ if and .Values.image.tag (not .Values.web.tag) }}a{{ else }}b{{ end }}", "a"),
    ],
)  # fmt: skip
def test_what_an_expression_makes(written, expected):
    assert value(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{{ join ":" (list .Values.image.repository .Values.image.tag) }}', "a/b:1"),
        ('{{ join "/" (compact (list .Values.global.imageRegistry "x" .Values.web.tag)) }}', "x"),
        ('{{ list "a" "b" | last }}{{ first (list "c") }}', "bc"),
        ('{{ join "-" (append (list "a") "b") }}{{ join "" (concat (list "c") (list "d")) }}', "a-bcd"),
        ('{{ index (list "a" .Values.ref) 1 }}', "nginx:1"),
        ('{{ $x := tuple .Values.image "y" }}{{ (index $x 0).repository }}{{ len $x }}', "a/b2"),
        ("{{ (merge .Values.web .Values.image).repository }}", "c"),
        ("{{ (merge .Values.web .Values.image).tag }}", "1"),
        ("{{ (mergeOverwrite (deepCopy .Values.image) .Values.web).repository }}", "c"),
        ('{{ (merge (dict "tag" "") (dict "tag" .Chart.AppVersion)).tag }}', "9.9"),
        ('{{ with set .Values.web "tag" "5" }}{{ .repository }}:{{ .tag }}{{ end }}', "c:5"),
        ('{{ $i := dict "a" "b" }}{{ $_ := set $i "a" .Values.ref }}{{ $i.a }}', "nginx:1"),
        ('{{ if hasKey .Values.image "tag" }}a{{ else }}b{{ end }}', "a"),
        ('{{ if hasKey .Values.image "version" }}a{{ else }}b{{ end }}', "b"),
        ('{{ dig "image" "tag" "3" .Values }}{{ dig "image" "version" "3" .Values }}', "13"),
        ('{{ (split "/" .Values.image.repository)._1 }}', "b"),
        ('{{ splitList ":" .Values.ref | first }}', "nginx"),
        ("x:{{ .Values.ref | trunc 3 }}{{ .Values.ref | trunc -2 }}", "x:ngi:1"),
        ('{{ .Values.ref | replace ":" "-" }}{{ .Values.ref | replace "_" "-" }}', "nginx-1nginx:1"),
        ('{{ "Some_NAME" | lower }}{{ "a" | upper }}', "some_nameA"),
        ('{{ (index .Values ("my_image" | replace "my_" "" | camelcase | untitle)).tag }}', "1"),
        ('{{ if contains "/" .Values.image.repository }}a{{ end }}', "a"),
        ('{{ if hasSuffix ":1" .Values.ref }}a{{ end }}', "a"),
        ('{{ if kindIs "map" .Values.image }}a{{ end }}{{ if kindIs "string" .Values.ref }}b{{ end }}', "ab"),
        ('{{ if kindIs "invalid" .Values.image.tag }}a{{ else }}b{{ end }}', "b"),
        ('{{ if .Values.strange }}{{ fail "say so" }}{{ end }}{{ .Values.ref }}', "nginx:1"),
        ('{{ if ne (len (list 1 2)) 2 }}{{ printf "%s" .Release.Name | fail }}{{ end }}b', "b"),
    ],
)  # fmt: skip
def test_what_lists_maps_and_texts_are_made_into(written, expected):
    assert value(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        '{{ join "/" (list .Release.Name "a") }}',
        '{{ join "/" (compact (list .Values.strange "a")) }}',
        "{{ list .Values.ref }}",
        "{{ index (list 1) 7 }}",
        "{{ first list }}",
        '{{ splitList "" .Values.ref }}',
        '{{ .Values.ref | trunc "x" }}',
        '{{ if kindIs "float64" .Values.ref }}a{{ end }}',
        '{{ (set .Values.web "tag" .Release.Name).tag }}',
    ],
)
def test_what_lists_maps_and_texts_lack_is_told(written):
    assert settle(written).problem != ""


def test_pieces_of_lists_keep_their_places():
    runs = settle('{{ join "/" (list .Values.image.registry .Values.image.repository) }}').value.runs
    assert [(run.text, run.path) for run in runs] == [
        ("docker.io", "values.yaml"),
        ("/", ""),
        ("a/b", "values.yaml"),
    ]


def switched(written: str, **switches: str) -> Candidate:
    set_here = {f"switch .Values.{name.replace('_', '.')}": Text.of(text) for name, text in switches.items()}
    return settled(Candidate.of(Text.at(0, written), Role.WORKLOAD), known() | set_here)


BY_SWITCH = "{{ if .Values.lean.enabled }}a:slim{{ else }}a:fat{{ end }}"


@pytest.mark.parametrize(("setting", "expected"), [("true", "a:slim"), ("false", "a:fat"), ("", "a:fat")])
def test_what_is_switched_on_or_off_decides_in_a_text(setting, expected):
    assert str(switched(BY_SWITCH, lean_enabled=setting).value) == expected


def test_switch_that_nobody_sets_is_not_known():
    assert "lean.enabled is a value of the chart" in switched(BY_SWITCH).problem


def test_image_that_is_switched_off_as_a_whole_is_not_nothing():
    assert switched("{{ if .Values.lean.enabled }}a:slim{{ end }}", lean_enabled="false").problem != ""


@pytest.mark.parametrize("switch", ["lean.enabled", "cart.privateRegistry"])
def test_switches_do_not_rule_out_branches(switch):
    text = f"{{{{ if .Values.{switch} }}}} here {{{{ end }}}}"
    given = known() | {f"switch .Values.{switch}": Text.of("false")}
    assert [place.possible for place in Places(text, given).at(text.index("here"))] == [True]


LONG = "{{- /* " + "why it is so. " * 300 + "*/ -}}"


def test_remarks_do_not_make_a_named_template_too_long():
    text = f'{{{{ define "x.image" }}}}{LONG}{{{{ .Values.ref }}}}{{{{ end }}}}'
    assert set(image_defines(text)) == {'include "x.image"'}


def test_what_a_named_template_asks_is_taken_too():
    text = (
        '{{ define "x.image" }}{{ include "x.flavour" . }}{{ end }}'
        '{{ define "x.flavour" }}{{ include "x.on" . }}{{ end }}{{ define "x.on" }}true{{ end }}'
        '{{ define "x.labels" }}a: b{{ end }}'
    )
    assert set(image_defines(text)) == {f'include "x.{name}"' for name in ("image", "flavour", "on")}


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("a:{{ .Values.unset.tag }}", "unset.tag is not in values.yaml"),
        ("a:{{ .Values.web.tag }}", "web.tag is empty in values.yaml"),
        ("a:{{ .Values.flavour }}", "flavour is a value of the chart: set it in values.yaml"),
        ("a:{{ .Values.flavour | default .Values.image.tag }}", "flavour is a value of the chart"),
        ("a:{{ .Values.image }}", "image is a map in values.yaml"),
        ("a:{{ .Release.Name }}", "{{ .Release.Name }} is known only when the chart is rendered"),
        ("{{ range .Values.images }}{{ .tag }}{{ end }}", "is known only when the chart is rendered"),
        ("a:{{ .Values.image.tag | sha256sum }}", "is known only when the chart is rendered"),
        ('{{ include "x.image" . }}', 'no define "x.image" is known'),
        ('{{ template "x.image" $ }}', 'no define "x.image" is known'),
        ("{{ .Values.composed.image }}", "{{ .Chart.Version }} is filled in"),
        ("{{ if .Values.ref }}nginx", "is known only when the chart is rendered"),
        ('{{ printf "%s:%s" .Values.ref }}', "is known only when the chart is rendered"),
    ],
)
def test_what_is_missing_is_named(written, named):
    assert named in settle(written).problem


def test_unknown_default_that_is_not_needed_does_no_harm():
    assert value("a:{{ .Values.image.tag | default .Release.Name }}") == "a:1"


def test_without_values_the_name_is_told():
    candidate = settled(
        Candidate.of(Text.at(0, "a:{{ .Values.tag }}"), Role.WORKLOAD), {".Chart.Name": Text.of("c")}
    )
    assert candidate.problem == "tag is a value of the chart: set it in values.yaml"


# Named templates


@pytest.mark.parametrize("call", ["include", "template"])
def test_a_named_template_is_put_in_place(call):
    assert value(f'{{{{ {call} "x.image" . }}}}', {"x.image": PARTS}) == "docker.io/a/b:1"


def test_trail_names_the_named_template():
    trail = settle('{{ include "x.image" . }}', {"x.image": "{{ .Values.ref }}"}).trail
    assert trail == ('include "x.image" (templates/_helpers.tpl)', ".Values.ref=nginx:1 (values.yaml)")


def test_text_of_a_named_template_stands_in_its_file():
    runs = settle('{{ include "x.image" . }}', {"x.image": "quay.io/{{ .Values.ref }}"}).value.runs
    assert (runs[0].text, runs[0].start, runs[0].path) == ("quay.io/", 500, "templates/_helpers.tpl")


def test_named_templates_may_include_others_with_another_dot():
    defines = {
        "x.image": '{{- include "x.any" (dict "root" .Values.image "chart" .Chart) -}}',
        "x.any": '{{- printf "%s:%s" .root.repository (.root.tag | default .chart.AppVersion) -}}',
    }
    assert value('{{ include "x.image" . }}', defines) == "a/b:1"


def test_variables_and_conditions_of_a_named_template():
    body = """{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
    {{- $version := .Values.image.tag -}}
    {{- if .Values.image.digest -}}
      {{- $version = .Values.image.digest -}}
    {{- end -}}
    {{- printf "%s/%s:%s" $registry .Values.image.repository $version -}}"""
    assert value('{{ include "x.image" . }}', {"x.image": body}) == "docker.io/a/b:1"


def test_what_a_named_template_lacks_is_told_with_its_name():
    problem = settle('{{ include "x.image" . }}', {"x.image": "a:{{ .Values.unset.tag }}"}).problem
    assert problem.startswith('in the define "x.image": unset.tag is not in values.yaml')


def test_a_named_template_that_includes_itself_is_given_up():
    assert settle('{{ include "x.image" . }}', {"x.image": '{{ include "x.image" . }}'}).problem


def test_named_templates_that_multiply_are_given_up():
    defines = {f"x{n}": f'{{{{ include "x{n + 1}" . }}}}' * 9 for n in range(7)} | {"x7": ""}
    assert settle('{{ include "x0" . }}', defines).problem


BITNAMI = '{{ include "common.images.image" (dict "imageRoot" .Values.%s "global" .Values.global) }}'


@pytest.mark.parametrize(
    ("root", "changed", "expected"),
    [
        ("image", {}, "docker.io/a/b:1"),
        ("image", {"global_imageRegistry": "r.io"}, "r.io/a/b:1"),
        ("image", {"image_registry": ""}, "a/b:1"),
        ("pinned", {}, f"p:2@sha256:{HEX}"),
        ("pinned", {"pinned_tag": ""}, f"p@sha256:{HEX}"),
    ],
)
def test_image_of_bitnamis_library(root, changed, expected):
    assert value(BITNAMI % root, None, **changed) == expected


def test_image_of_bitnamis_library_takes_the_version_of_the_chart_where_it_is_given():
    assert value(BITNAMI.replace(".global)", '.global "chart" .Chart)') % "web") == "c:9.9"


def test_image_of_bitnamis_library_without_tag_is_told():
    assert settle(BITNAMI % "web").problem.startswith("web.tag is empty in values.yaml")


# Branches

TEMPLATE = """{{- if .Values.image.digest }}A
{{- else if .Values.image.tag }}B
{{- else }}C
{{- end }}
{{- range .Values.jobs }}D{{ end }}
{{- if .Values.debug }}E{{ end }}F
"""


@pytest.mark.parametrize(
    ("mark", "taken"), [("A", False), ("B", True), ("C", False), ("D", True), ("E", True), ("F", True)]
)
def test_branches_that_values_rule_out(mark, taken):
    [place] = Places(TEMPLATE, known()).at(TEMPLATE.index(mark))
    assert place.possible is taken


def test_without_values_every_branch_may_be_taken():
    [place] = Places(TEMPLATE, {}).at(TEMPLATE.index("A"))
    assert place.possible


# Places

IMAGE = "{{ $r }}/{{ .Values.image.repository }}"


def there(template: str, **changed: str) -> str:
    """Return what the last line of a template comes to, or what it lacks."""
    start = template.rfind("\n") + 1
    candidate = Candidate.of(Text.at(start, template[start:]), Role.WORKLOAD)
    variables = known(None, **changed)
    [place] = Places(template, variables).at(start)
    found = settled(candidate, variables, place)
    return found.problem or str(found.value)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("{{- $r := .Values.image.registry -}}", "docker.io/a/b"),
        ("{{ $r := .Values.global.imageRegistry | default .Values.image.registry }}", "docker.io/a/b"),
        ('{{ $r := "" }}{{ if .Values.image.tag }}{{ $r = "x.io" }}{{ end }}', "x.io/a/b"),
        ('{{ $r := "y.io" }}{{ if .Values.image.digest }}{{ $r = "x.io" }}{{ end }}', "y.io/a/b"),
        ('{{ $r := "y.io" }}{{ if .Values.image.tag }}{{ $r := "x.io" }}{{ end }}', "y.io/a/b"),
        ('{{ $r := "" }}{{ if .Values.web.tag }}{{ else }}{{ $r = "x.io" }}{{ end }}', "x.io/a/b"),
        ('{{ if .Values.image }}{{ if .Values.ref }}{{ $r := "x.io" }}', "x.io/a/b"),
        ('{{ $r := "" }}{{ if .Values.ref }}{{ if 1 }}{{ $r = "x.io" }}{{ end }}{{ end }}', "x.io/a/b"),
    ],
)
def test_variables_that_are_set_above_are_known(before, expected):
    assert there(f"{before}\n{IMAGE}") == expected


@pytest.mark.parametrize(
    "before",
    [
        '{{ $r := "y.io" }}{{ if .Values.debug.enabled }}{{ $r = "x.io" }}{{ end }}',
        '{{ $r := "y.io" }}{{ range .Values.jobs }}{{ $r = .registry }}{{ end }}',
        "{{ range $r := .Values.jobs }}",
        "{{ range $i, $r := .Values.jobs }}",
        "{{ $r := .Release.Name }}",
    ],
)
def test_variable_that_may_have_changed_is_not_known(before):
    assert "only when the chart is rendered" in there(f"{before}\n{IMAGE}")


def test_what_is_not_known_is_the_action_that_is_named():
    assert there("{{ $r := .Values.ref }}\n{{ $r }}/{{ .Release.Name }}").startswith("{{ .Release.Name }} is")


@pytest.mark.parametrize(
    ("before", "written", "expected"),
    [
        ("{{ with .Values.image }}", "{{ .repository }}:{{ .tag }}", "a/b:1"),
        ("{{ with .Values.image }}", "{{ $.Values.ref }}", "nginx:1"),
        ("{{ with $x := .Values.image }}", "{{ $x.repository }}", "a/b"),
        ("{{ with .Values.image }}{{ end }}", "{{ .Values.ref }}", "nginx:1"),
        ("{{ $all := . }}{{ range .Values.jobs }}", "{{ $all.Values.ref }}", "nginx:1"),
        ('{{ define "x" }}{{ end }}{{ with .Values }}', "{{ .ref }}", "nginx:1"),
    ],
)
def test_dot_is_what_a_block_makes_it(before, written, expected):
    assert there(f"{before}\n{written}") == expected


@pytest.mark.parametrize("root", [".context", ".root", ".ctx", ".top"])
def test_name_by_which_a_named_template_is_given_the_root_is_the_root(root):
    assert value(f"{{{{ {root}.Values.ref }}}}") == "nginx:1"
    assert value(f'{{{{ include "x.image" {root} }}}}', {"x.image": "{{ .Values.ref }}"}) == "nginx:1"


@pytest.mark.parametrize("root", [".Root", ".parent", "$envAll", "$chart"])
def test_what_has_values_is_everything_whatever_it_is_called(root):
    assert value(f"{{{{ {root}.Values.ref }}}}") == "nginx:1"


def test_values_of_another_chart_are_not_those_of_this_one():
    assert settle("{{ .Subcharts.x.Values.ref }}").problem


def test_text_of_an_empty_value_is_empty():
    assert there("\na:{{ tpl .Values.web.tag . | default .Chart.AppVersion }}") == "a:9.9"


# Laws

_PIECES = st.sampled_from(
    ["{{", "}}", "{{ ", " }}", "-", " ", ".Values.image.tag", ".Values.image", ".", "$", "$x", " := ", "(",
     ")", "|", '"', '"a"', "`", "printf ", '"%s:%s"', "default ", "include ", '"x"', "dict ", "if ", "else",
     "end", "with ", "range ", "/*", "*/", "nginx:1", "\n", "tpl ", "not ", ".tag", "index ",
     "list ", "merge ", "set ", "compact ", "join ", "split ", "trunc ", "hasKey ", "fail ", "1",
     '"common.images.image"', "\\"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14), st.lists(_PIECES, max_size=8))
@settings(max_examples=300, deadline=None)
def test_every_piece_of_whatever_is_made_stands_where_it_says(written, defined):
    text, body = "{{ " + "".join(written) + " }}", "{{ " + "".join(defined) + " }}"
    files = {"": text, "templates/_helpers.tpl": " " * 500 + body}
    for run in settle(text, {"x": body}).value.runs:
        if run.path in files and run.start >= 0:
            assert files[run.path][run.start : run.start + len(run.text)] == run.text


@given(st.lists(_PIECES, max_size=14), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_branches_of_any_text_have_an_answer(pieces, offset):
    assert {place.possible for place in Places("".join(pieces), known()).at(offset)} <= {True, False}


@given(st.lists(_PIECES, max_size=14), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_what_stands_after_the_last_place_that_is_asked_for_changes_nothing(pieces, offset, more):
    text = "".join(pieces)
    whole, part = Places(text, known()), Places(text, known(), last=offset + more)
    assert list(part.at(offset)) == list(whole.at(offset))


def test_a_loop_around_the_last_place_is_gone_through_to_its_end():
    text = "{{ $x := .Values.tag }}{{ range list 1 2 }}HERE{{ $x = .Values.other }}{{ end }}"
    found = list(Places(text, known(), last=text.index("HERE")).at(text.index("HERE")))
    assert found == list(Places(text, known()).at(text.index("HERE")))


@pytest.mark.parametrize("piece", ["{{", "{{/*", "{{`", '{{"', "{{ (", "{{ if x }}", "}}", "{{ $"])
def test_hostile_text_is_given_up_soon(piece):
    text = piece * 60_000
    assert settle(text[:1999]).spelled == text[:1999]
    assert {place.possible for place in Places(text, known()).at(len(text))} <= {True, False}
    assert image_defines(text) == {}
