"""Makefiles: variables, branches, functions and recipes."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text, path="Makefile", **given):
    return extracted("makefile", text, path, **given)


def recipe(line, before=""):
    return found(f"{before}\nall:\n\t{line}\n")


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", "docker pull x:1"),
        ("", "@-docker pull x:1"),
        ("", "docker run \\\n\t  --rm \\\n\t  x:1"),
        ("I = x:1", "docker pull $(I)"),
        ("I := x:1 # of today", "docker pull ${I}"),
        ("I ?= x:1", 'docker pull "$(I)"'),
        ("I ?= x:1", "bash -c 'docker pull $(I)'"),
        ("V = 1\nI = x:$(V)", "docker pull $(I)"),
        ("I = x\nI := $(I):1", "docker pull $(I)"),
        ("export I = x:1", "docker pull $$I"),
        ("I = x:1\nexport", "docker pull $$I"),
        ("D = docker run --rm -v $(PWD):/w", "$(D) x:1 ls"),
        ("D ?= docker\nO := --rm -it", "$(D) run $(O) x:1"),
        ("L = x:1", "$(foreach i,$(L),docker pull $(i);)"),
        ("define pull\n@docker pull $(1):1\nendef", "$(call pull,x)"),
        ("I = $(strip  x:1 )", "docker pull $(I)"),
        ("I = $(or $(J),x:1)", "docker pull $(I)"),
        ("I = $(subst @,:,x@1)", "docker pull $(I)"),
        ("I = $(addsuffix :1,x)", "docker pull $(I)"),
        ("I = x.old", "docker pull $(I:.old=:1)"),
        ("", "for i in x:1; do docker pull $$i; done"),
        ("S := $(shell docker run x:1)", "true"),
        ("S != docker run x:1", "true"),
    ],
)
def test_image_of_a_command(before, line):
    assert recipe(line, before).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        "all: ; docker pull x:1\n",
        "a: I = x:1\na:\n\tdocker pull $(I)\n",
        "ifeq (a,b)\nall:\n\tdocker pull x:1\nendif\n",
    ],
)
def test_image_of_a_makefile(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "line", ["@echo docker run x:1", "@# docker run x:1", "docker exec x ls", "docker rm -f x $(X)"]
)
def test_no_image(line):
    assert found(f"# docker run y\nall:\n\t{line}\n").items == ()


def test_every_branch_of_a_condition_counts():
    before = "ifdef CI\nI = x:1\nelse\nI = x:2\nendif"
    assert recipe("docker pull $(I)", before).pulled == ["docker.io/library/x:1", "docker.io/library/x:2"]


def test_default_gives_way_to_what_is_set_before():
    assert recipe("docker pull $(I)", "I = x:1\nI ?= x:2").pulled == ["docker.io/library/x:1"]


def test_appended_list_is_pulled_item_by_item():
    before = "L = x:1 \\\n  y:1\nL += z:1"
    names = [f"docker.io/library/{name}:1" for name in "xyz"]
    assert recipe("@$(foreach i,$(L),docker pull $(i);)", before).pulled == names


def test_branches_that_differ_in_command_lines_are_both_read():
    before = "ifdef X\nR = docker run a:1\nelse\nR = docker run --rm b:1\nendif"
    assert recipe("$(R)", before).pulled == ["docker.io/library/a:1", "docker.io/library/b:1"]


def test_name_that_is_built_is_an_output():
    makefile = recipe("docker build -t ${IMG} . && docker push $(IMG)", "IMG ?= controller:latest")
    assert (makefile.pulled, set(makefile.outputs)) == ([], {"docker.io/library/controller:latest"})


@pytest.mark.parametrize(
    ("line", "text", "word"),
    [
        ("docker pull $(X)", "$(X)", "X is not set in Makefile"),
        ("docker pull $<", "$<", "known only when make runs"),
        ("docker pull $(shell cat x)", "$(shell cat x)", "computed when make runs"),
    ],
)
def test_what_is_not_known_says_why(line, text, word):
    ((spelled, reason),) = recipe(line).unresolved
    assert spelled == text
    assert word in reason


def test_variable_is_told_where_it_is_used_and_edited_where_it_is_set():
    text = "V = 1.27\nall:\n\tdocker pull nginx:$(V)\n"
    (occurrence,) = found(text).occurrences
    assert (occurrence.line, occurrence.text) == (3, "nginx:$(V)")
    assert [fragment.text for fragment in occurrence.fragments] == ["nginx", "1.27"]
    assert occurrence.trail == ("V=1.27",)


def test_build_arguments_are_given_to_the_dockerfile():
    text = "V ?= 3\nall:\n\tdocker build --build-arg V=$(V) -f docker/Dockerfile .\n"
    assert ("docker/Dockerfile", "dockerfile", {"V": "3"}) in found(text).bindings


def test_included_makefile_gives_its_variables():
    given = {"mk/common.mk\nI": "x:1", "other.mk\nI": "y:1"}
    for line in ("include mk/common.mk", "-include $(ROOT)/common.mk", "include $(wildcard mk/*.mk)"):
        text = f"{line}\nall:\n\tdocker pull $(I)\n"
        assert found(text, "Makefile", **given).pulled == ["docker.io/library/x:1"]


def test_makefile_gives_its_variables_to_what_it_includes():
    assert ("sub/x.mk", "makefile", {"V": "1"}) in found("V = 1\ninclude x.mk\n", "sub/Makefile").bindings


def test_makefile_gives_what_it_included_to_what_it_includes():
    given = {"common.mk\nV": "1"}
    bindings = found("include common.mk\ninclude tests.mk\n", **given).bindings
    assert ("tests.mk", "makefile", {"V": "1"}) in bindings


@pytest.mark.parametrize("setting", ["WEB_IMAGE = a/b:1", "export WEB_IMAGE ?= a/b:1", "IMAGE := a/b:1 # x"])
def test_setting_that_is_called_an_image_is_likely_one(setting):
    assert found(f"{setting}\n").roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize(
    "text", ["IMAGE = a/b:$(V)\n", "IMAGE = a/b:1\nall:\n\tdocker build -t $(IMAGE) .\n"]
)
def test_setting_that_is_not_known_or_is_built_pulls_nothing(text):
    assert found(text).pulled == []


_PARTS = st.sampled_from(
    ["X", "=", ":=", "?=", "+=", "\n", "\t", "all:", "$(", ")", "${", "}", "$$", "$@", "docker run ", "x:1",
     "\\\n", "define X\n", "endef\n", "ifeq (a,b)\n", "endif\n", "include ", "#", " ", ",", "call X",
     "foreach i", "shell "]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_any_text_is_read(text):
    for item in found("docker:\n\tdocker pull a\n" + text).found:
        assert item.line >= 1


def test_variable_that_is_too_long_to_be_filled_in_is_told():
    text = f"I := {'x' * 20_001}\na:\n\tdocker pull $(I)\n\tdocker pull $(call I) $(I:x=y)\n"
    reasons = {reason for _, reason in found(text).unresolved}
    assert "I is longer than 20000 characters: not filled in" in reasons


RULE = "{head}\n\tdocker build -t acme/{name} .\n"


@pytest.mark.parametrize(
    ("head", "name", "more", "expected"),
    [
        ("web api:", "$@", "", ["web", "api"]),
        ("web: base.tar", "$(@)", "", ["web"]),
        ("%-image:", "$*", "all: web-image api-image other\n", ["web", "api"]),
        ("%-image:", "$*", ".PHONY: web-image\n", ["web"]),
        ("push-%: build-%", "$*", "NAMES = web api\nall: $(addprefix push-,$(NAMES))\n", ["web", "api"]),
        ("web-image api-image: %-image: %.go", "$*", "other-image: x\n", ["web", "api"]),
    ],
)
def test_rule_counts_for_each_of_its_targets(head, name, more, expected):
    text = more + RULE.format(head=head, name=name)
    assert found(text).outputs == [f"docker.io/acme/{each}" for each in expected]


def test_name_of_the_target_may_stand_in_a_variable():
    assert found("IMAGE = acme/$@:1\nweb:\n\tdocker push $(IMAGE)\n").outputs == ["docker.io/acme/web:1"]


def test_variable_made_of_the_target_stands_for_another_image_in_each_rule():
    text = "I = it/$(@) ls\nD = docker run $(I)\n\na b:\n\t$(D)\n\nc:\n\t$(D)\n"
    assert found(text).pulled == ["docker.io/it/a", "docker.io/it/b", "docker.io/it/c"]


def test_variable_made_of_an_item_stands_for_another_image_with_each():
    text = "I = it/$(V):1 ls\nall:\n\tdocker run it/x:1 $(I)\n\t$(foreach V,y z,docker run $(I);)\n"
    assert found(text).pulled == ["docker.io/it/x:1", "docker.io/it/y:1", "docker.io/it/z:1"]


def test_pattern_that_fits_no_name_is_not_known():
    assert found("%-image:\n\tdocker build -t acme/$* .\n").outputs == ["acme/$*"]


def test_dollar_of_the_shell_is_no_target():
    assert found("web:\n\tdocker build -t acme/$$* .\n").outputs == ["acme/$*"]


@pytest.mark.parametrize(
    "opener", ["${", "$(", "$(a ", "A := ", "A += $(A)\n", "A := x \\\n", "define a\n", "\t$(A"]
)
def test_reading_a_hostile_text_ends(opener):
    text = "A := docker\na:\n\tdocker pull " + opener * (200_000 // len(opener)) + ")}\n"
    found(text)  # a reading whose time grows with the square never ends here


def test_more_than_anyone_fills_in_is_told():
    lines = "\tdocker pull " + "$(I) " * 3_000 + "\n"
    reasons = {reason for _, reason in found(f"I := x:1\na:\n{lines * 18}").unresolved}
    assert reasons == {"more is filled in here than anyone writes: not read"}


RULES = """define image_rule
.PHONY: $1
$1: $3
\t@docker build -t acme/$2:latest -f $3 .
\tdocker run $$(TOOL):3.$4 true
endef

TOOL = alpine
"""


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("$(eval $(call image_rule,web-image,web,Dockerfile,19))", {"web": "19"}),
        (
            "$(foreach s,api cron,$(eval $(call image_rule,$(s)-image,$(s),Dockerfile,20)))",
            {"api": "20", "cron": "20"},
        ),
    ],
)
def test_rules_that_make_makes_are_rules(line, tags):
    read = found(RULES + line + "\n")
    assert set(read.roles) == {
        *((f"docker.io/acme/{name}:latest", "output") for name in tags),
        *((f"docker.io/library/alpine:3.{tag}", "script") for tag in tags.values()),
    }


def test_variable_that_is_set_while_make_runs_is_no_command():
    assert found("a:\n\t$(eval X := $(call f,docker run b:1))\n\techo\n").found == []
