"""Scripts in parts: what a grammar is given, whose time may grow with the square of what it cannot read."""

import pytest

from planner.formats._shell import _parsed, images
from planner.formats._shell_parts import LONGEST, NO_SCRIPT, TOO_LONG, parts
from planner.model.source import Text

BRANCHES = "".join(f"  a{n}) docker pull a:{n} && (cd b; make c) | tee d;;\n" for n in range(100))
CASE = f"case $1 in\n{BRANCHES}esac\n"


def read(script):
    """Return what is read as shell, and why the rest is not."""
    events, unread = _parsed(Text.at(0, script), "a.sh")
    return [part.string for part in dict.fromkeys(part for part, _ in events)], [why for _, why in unread]


@pytest.mark.parametrize("sign", [")", "|", "<", ">", "a | ", "$[", "<a>", "f(a, ", '"${', "a() {"])
def test_text_full_of_signs_is_not_given_to_the_grammar(sign):
    script = "docker pull a:1\n" + "docker run " + sign * 2000 + "\ndocker pull b:1\n"
    given, unread = read(script)
    assert given[0] == "docker pull a:1\n"
    assert sum(map(len, given)) < 100
    assert unread == [TOO_LONG]


@pytest.mark.parametrize("line", ["docker run )\n", "docker run ;;;\n"])
def test_what_no_shell_could_run_is_read_no_further(line):
    given, unread = read(f"docker pull a:1\n{line * (100_000 // len(line))}")
    assert given[0].startswith("docker pull a:1\n")
    assert sum(map(len, given)) < 40_000
    assert NO_SCRIPT in unread


def test_script_of_many_branches_is_read():
    assert read(CASE)[1] == []
    assert {str(each.value) for each in images(Text.at(0, CASE), "a.sh")} == {f"a:{n}" for n in range(100)}


def test_signs_in_a_heredoc_are_no_syntax():
    script = f"cat > a.xml <<E\n{'<a>(b)|</a>' * 500}\nE\ndocker pull a:1\n"
    assert read(script) == ([script], [])


def test_parts_leave_nothing_out():
    script = CASE + ")" * 3000 + "\n" + "docker pull a\n" * LONGEST
    found = list(parts(script))
    assert [part.start for part in found] == [0, *(part.stop for part in found[:-1])]
    assert found[-1].stop == len(script)
