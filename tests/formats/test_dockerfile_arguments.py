"""Dockerfile: the variables of FROM, as https://docs.docker.com/reference/dockerfile/ describes them."""

import pytest

from planner.formats.dockerfile import extract
from planner.model.inventory import Confidence
from planner.model.source import Run, SourceFile, Text


def candidates(text, **given):
    values = {name: Text.at(7, value, "compose.yaml") for name, value in given.items()}
    return list(extract(SourceFile("Dockerfile", text), values))


def found(text, **given):
    return [str(each.value) for each in candidates(text, **given) if not each.problem]


def reason(text, **given):
    (problem,) = [each.problem for each in candidates(text, **given) if each.problem]
    return problem


# scope


def test_only_arguments_above_the_first_from_are_seen():
    assert found("FROM a\nARG V=1\nENV W=9\nFROM b:${V:-2}-${W:-x}\n") == ["a", "b:2-x"]


def test_env_above_the_first_from_gives_nothing():
    assert "V is not declared before the first FROM" in reason("ENV V=1\nFROM a:$V\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TARGETPLATFORM", "linux/amd64"),
        ("BUILDOS", "linux"),
        ("TARGETARCH", "amd64"),
        ("TARGETVARIANT", ""),
        ("TARGETSTAGE", "last"),
    ],
)
def test_platform_arguments_need_no_declaration(name, value):
    assert found(f"FROM a/x${name}/b\nFROM c AS Last\n")[0] == f"a/x{value}/b"


def test_target_stage_is_default_when_the_last_one_has_no_name():
    assert found("FROM a:$TARGETSTAGE\n") == ["a:default"]


def test_platform_argument_can_be_declared_and_given():
    assert found("ARG TARGETARCH=arm64\nFROM a:$TARGETARCH\n") == ["a:arm64"]
    assert found("FROM a:$TARGETARCH\n", TARGETARCH="s390x") == ["a:s390x"]
    assert found("ARG TARGETARCH\nFROM a:$TARGETARCH\n") == ["a:amd64"]


def test_proxy_arguments_are_not_seen():
    assert "HTTP_PROXY is not declared" in reason("FROM a:$HTTP_PROXY\n")


# declarations


@pytest.mark.parametrize(
    ("arguments", "base", "expected"),
    [
        ('A=1 B="x" C', "a:$A-$B", "a:1-x"),
        ("A='1' B=a\\-b", "a:$A-$B", "a:1-a-b"),
        ("A=1=2", "a:${A%=*}", "a:1"),
        ('A="x y" B=2', "a:$B", "a:2"),
        ("A=x\\ y B=2", "a:$B", "a:2"),
        ("A=1 A=2", "a:$A", "a:2"),
        ("A=1 A", "a:$A", "a:1"),
        ("A=1 A=${A}.2", "a:$A", "a:1.2"),
        ("A=1 B=$A$A", "a:$B", "a:11"),
        ("B=${A:-9} A=1", "a:$B", "a:9"),
        ("A='$B' B=1", "a:${A#?}", "a:B"),
        ("A=", "a${A}:1", "a:1"),
        ('A=""', "a${A-x}:1", "a:1"),
        ("A=1 # A=2", "a:$A", "a:2"),
    ],
)
def test_arguments_of_one_line(arguments, base, expected):
    assert found(f"ARG {arguments}\nFROM {base}\n") == [expected]


def test_argument_without_an_equals_sign_has_no_value():
    assert reason("ARG A 1\nFROM a:$A\n").startswith("A has no default")


def test_argument_with_a_blank_name_is_a_problem():
    assert "blank name" in reason("ARG A =1\nFROM a\n")


def test_argument_that_cannot_be_expanded_is_a_problem_once_and_where_it_is_used():
    problems = [c.spelled for c in candidates("ARG A=${} B=$A\nFROM a:$B\nFROM b\n") if c.problem]
    assert problems == ["A=${}", "a:$B"]


# build arguments


def test_build_argument_wins_over_the_default():
    (candidate,) = candidates("ARG V=1\nFROM a:$V\n", V="2")
    assert candidate.value.runs == (Run("a:", 13), Run("2", 7, "compose.yaml"))
    assert candidate.trail == ("V=2 (compose.yaml)",)


def test_build_argument_reaches_what_is_made_of_it():
    assert found("ARG V\nARG W=x-$V\nFROM a:$W\n", V="2") == ["a:x-2"]


def test_build_argument_declares_nothing():
    assert "V is a build argument but not declared before the first FROM" in reason("FROM a:$V\n", V="2")


def test_build_argument_is_not_expanded():
    assert found("ARG V A=1\nFROM a:${V#?}\n", V="$A") == ["a:A"]


# without a value


def test_argument_without_a_value_is_named_with_what_to_do():
    assert reason("ARG V\nFROM a:${V}\n") == (
        "V has no default: give it one in ARG, or in the build args of whoever builds this file"
    )


def test_every_argument_without_a_value_is_named():
    text = reason("ARG V\nARG T=$V\nFROM $R/a:$T\n")
    assert "V has no default" in text
    assert "R is not declared" in text


def test_what_is_a_reference_without_the_value_is_one():
    (candidate,) = candidates("ARG PREFIX\nFROM ${PREFIX}node:20\n")
    assert (str(candidate.value), candidate.trail) == ("node:20", ("PREFIX is empty",))


def test_blank_base_is_a_problem():
    assert "blank" in reason("ARG A=\nFROM $A\n")


# operators


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$V", "v1.2.3-alpine"),
        ("${V}x", "v1.2.3-alpinex"),
        ("${V:-x}", "v1.2.3-alpine"),
        ("${U:-x}", "x"),
        ("${U-x}", "x"),
        ("${E:-x}", "x"),
        ("0${E-x}", "0"),
        ("0${V:+x}", "0x"),
        ("0${U:+x}", "0"),
        ("0${E:+x}", "0"),
        ("0${E+x}", "0x"),
        ("0${U+x}", "0"),
        ("${V:?gone}", "v1.2.3-alpine"),
        ("0${E?gone}", "0"),
        ("${V#v}", "1.2.3-alpine"),
        ("${V#*.}", "2.3-alpine"),
        ("${V##*.}", "3-alpine"),
        ("${V%.*}", "v1.2"),
        ("${V%%.*}", "v1"),
        ("${V%-*}", "v1.2.3"),
        ("${V%?????ne}", "v1.2.3"),
        ("${V#x}", "v1.2.3-alpine"),
        ("${V/./-}", "v1-2.3-alpine"),
        ("${V//./-}", "v1-2-3-alpine"),
        ("${V/.*-/-}", "v1-alpine"),
        ("${V//?/x}", "x" * 13),
        ("${V/-alpine/}", "v1.2.3"),
        ("${V//zz/x}", "v1.2.3-alpine"),
        ("${S#\\*}", "b"),
        ("${P/\\//-}", "a-b/c"),
        ("${U:-${V#v}}", "1.2.3-alpine"),
        ("${U:-${W:-${V%%.*}}}", "v1"),
        ('${U:-"x}y"}', "x}y"),
        ("${U:-'$V'}", "$V"),
        ("${V#${L}}", "1.2.3-alpine"),
        ("${V/${L}/r}", "r1.2.3-alpine"),
        ("al'pi'ne", "alpine"),
        ('"$V"', "v1.2.3-alpine"),
        ("x\\y", "xy"),
        ("ü$Vü", "ü"),
    ],
)
def test_substitution(word, expected):
    (candidate,) = candidates(f"ARG V=v1.2.3-alpine E= L=v S='*b' P=a/b/c\nARG F={word}\nFROM x/$F\n")
    assert candidate.trail[0] == f"F={expected} (ARG, line 2)"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("${}", "bad substitution"),
        ("${:-x}", "bad substitution"),
        ("${V", "bad substitution"),
        ("${V:-x", "'}' is missing"),
        ("${V:#x}", "no operator"),
        ("${V:%x}", "no operator"),
        ("${V@Q}", "no operator"),
        ("${V:0:1}", "no operator"),
        ("${V/x}", "'/' is missing"),
        ("${V#\\x}", "invalid escape"),
        ("${U:?gone}", "U has no value (gone)"),
        ("${E:?gone}", "E has no value (gone)"),
        ("${U?}", "U has no value"),
        ("'x", "single quote is not closed"),
        ('"x', "double quote is not closed"),
        ("$V'$V'", "is not replaced"),
        ("\\$V", "is not replaced"),
        ("$1", "1 is not declared"),
        ("$@", "@ is not declared"),
        ("a:$", "is not replaced"),
    ],
)
def test_substitution_that_fails_says_why(word, why):
    assert why in reason(f"ARG V=1 E=\nFROM {word}\n").replace('"', "'")


def test_substitutions_nest_only_so_deep():
    assert "more than 100 substitutions" in reason(f"FROM {'${a:-' * 101}x{'}' * 101}\n")
    assert found(f"FROM {'${a:-' * 99}x{'}' * 99}\n") == ["x"]


# where it comes from


def test_literal_is_certain_and_a_variable_resolved():
    text = "ARG V=1\nFROM 'a'\nFROM a:$V\nFROM ${X:-b}\nFROM c${X:+y}\n"
    assert [each.confidence for each in candidates(text)] == [Confidence.CERTAIN] + [Confidence.RESOLVED] * 3


def test_trail_names_every_giver():
    (candidate,) = candidates("ARG R=docker.io\n\nARG B=$R/nginx V=1\nFROM $B:$V-${X:-y}\n")
    assert candidate.trail == (
        "B=docker.io/nginx (ARG, line 3)",
        "R=docker.io (ARG, line 1)",
        "V=1 (ARG, line 3)",
        "X=y (default, line 4)",
    )


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("ARG V=1.2\nFROM a:$V\n", (Run("a:", 15), Run("1.2", 6))),
        ("ARG V='1.2'\nFROM a:$V\n", (Run("a:", 17), Run("1.2", 7))),
        ("FROM a:${V:-1.2}\n", (Run("a:", 5), Run("1.2", 12))),
        ('FROM "a"b\n', (Run("a", 6), Run("b", 8))),
        ("ARG V=v1.2\nFROM a:${V#v}\n", (Run("a:", 16), Run("1.2", 7))),
        ("ARG V=1.2\nFROM a:${V/./-}\n", (Run("a:", 15), Run("1", 6), Run("-", 23), Run("2", 8))),
        ("ARG V=1\\\n.2\nFROM a:$V\n", (Run("a:", 17), Run("1", 6), Run(".2", 9))),
        ("ARG A=x B=${A}y\nFROM $B\n", (Run("x", 6), Run("y", 14))),
    ],
)
def test_value_keeps_the_place_of_each_piece(text, runs):
    (candidate,) = candidates(text)
    assert candidate.value.runs == runs
