import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from planner.owners import Forge, Owners

# What GitHub's page shows, in other words.
ANYWHERE = """
# whoever is not named below
*          @everyone @else
*.js       @scripts  # a comment behind
*.go       go@example.com
*.txt      @acme/writers
/build/logs/ @builders
papers/*   @readers
apps/      @apps
**/journal @journal
/own/      @own
/own/free
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("Dockerfile", ("@everyone", "@else")),
        ("a/b/x.js", ("@scripts",)),
        (".hidden.js", ("@scripts",)),
        ("x.go", ("go@example.com",)),
        ("deep/er/x.txt", ("@acme/writers",)),
        ("build/logs/a", ("@builders",)),
        ("build/logs/a/b", ("@builders",)),
        ("x/build/logs/a", ("@everyone", "@else")),
        ("papers/a.md", ("@readers",)),
        ("papers/in/a.md", ("@everyone", "@else")),
        ("x/papers/a.md", ("@everyone", "@else")),
        ("apps/a", ("@apps",)),
        ("x/apps/y/a", ("@apps",)),
        ("x/apps", ("@everyone", "@else")),  # a file: the pattern means folders
        ("journal/a", ("@journal",)),
        ("x/journal/y/a", ("@journal",)),
        ("own/a", ("@own",)),
        ("x/own/a", ("@everyone", "@else")),
        ("own/free/a", ()),
        ("own/free", ()),
        ("own/freedom", ("@own",)),
    ],
)
def test_last_matching_line_of_github_decides_who_owns_a_path(path, owners):
    assert Owners.parse(ANYWHERE).of(path) == owners


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/*", "a", True),
        ("/*", "a/b", False),
        ("a", "a", True),
        ("a", "x/a/y", True),
        ("/a", "x/a", False),
        ("a/b", "x/a/b", False),
        ("a/b", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**", "a/b/c", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("**/b", "b", True),
        ("a/*/b", "a/x/b", True),
        ("a/*/b", "a/x/y/b", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a*c", "a/c", False),
        ("A", "a", False),
        ("a\\ b", "a b", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("*.tar.gz", "x.gz", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "acb", False),
    ],
)
def test_pattern_of_github_matches_as_gitignore_does(pattern, path, matches):
    assert Owners.parse(f"{pattern} @x", Forge.GITHUB).of(path) == (("@x",) if matches else ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!a @x", "`!` takes nothing away"),
        ("[ab].js @x", "no set of characters"),
        ("\\#a @x", "cannot be named"),
        ("/ @x", "names no path"),
        ("a.js x", "'x' is no owner"),
        ("a.js @x /etc/passwd", "'/etc/passwd' is no owner"),
        ("a" * 2000 + " @x", "2,000 characters"),
    ],
)
def test_line_that_github_does_not_take_is_left_out_and_told(line, reason):
    owners = Owners.parse(f"* @all\n{line}\n", Forge.GITHUB)
    assert [each.line for each in owners.problems] == [2]
    assert reason in owners.problems[0].reason
    assert owners.of("a.js") == ("@all",)


# What GitLab's pages show, in other words.
SECTIONS = """
* @chief
[Readme]
README.md @first @second
inner/README.md @inner
[Readme too]
README.md @other
[Papers][2] @writers
papers/
LICENSE @lawyers
^[Data] @data @more
model/db/
[PAPERS]
*.adoc @adoc
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README.md", ("@chief", "@first", "@second", "@other")),
        ("inner/README.md", ("@chief", "@inner", "@other")),
        ("x/inner/README.md", ("@chief", "@inner", "@other")),
        ("papers/a", ("@chief", "@writers")),
        ("LICENSE", ("@chief", "@lawyers")),
        ("x/model/db/a", ("@chief", "@data", "@more")),
        ("papers/x.adoc", ("@chief", "@adoc")),
        ("x", ("@chief",)),
    ],
)
def test_gitlab_sections_count_side_by_side(path, owners):
    assert Owners.parse(SECTIONS).of(path) == owners


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/a", "a", True),
        ("/a", "a/b", False),  # a folder needs its slash
        ("/a/", "a/b/c", True),
        ("a/", "x/a/b", True),
        ("a/b.md", "x/a/b.md", True),
        ("/a/*.md", "a/b/c.md", False),
        ("/a/**/c.md", "a/c.md", True),
        ("/a/**/c.md", "a/b/b/c.md", True),
        ("/a/**", "a/b", True),
        ("/a/**", "a/b/c", False),
        ("*.md", "a/.md", True),
        ("\\#a", "#a", True),
        ("a\\ b/", "x/a b/c", True),
        ("x[0-9a].js", "x7.js", True),
        ("x[!0-9].js", "x7.js", False),
        ("x[^0-9].js", "xy.js", True),
        ("x[9-0].js", "x9.js", False),
        ("x[a", "xa", False),
        ("*", "a/b/.c", True),
    ],
)
def test_pattern_of_gitlab_matches_as_fnmatch_of_ruby_does(pattern, path, matches):
    assert Owners.parse(f"{pattern} @x", Forge.GITLAB).of(path) == (("@x",) if matches else ())


EXCLUDING = """
* @all
!pom.xml
[Ruby]
*.rb @ruby
!/config/**/*.rb
/config/routes.rb @late
[Config]
/config/ @ops
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("pom.xml", ()),
        ("x/pom.xml", ()),
        ("a.rb", ("@all", "@ruby")),
        ("config/a.rb", ("@all", "@ops")),
        ("config/routes.rb", ("@all", "@ops")),
    ],
)
def test_exclusion_holds_in_its_section_whatever_comes_after(path, owners):
    assert Owners.parse(EXCLUDING).of(path) == owners


def test_gitlab_takes_the_owners_that_are_some_and_tells_of_the_others():
    owners = Owners.parse("/a/* @group nobody @user @@maintainer\n", Forge.GITLAB)
    assert owners.of("a/b") == ("@group", "@user", "@@maintainer")
    assert ["'nobody' is no owner" in each.reason for each in owners.problems] == [True]


def test_heading_without_an_end_is_told_and_the_section_before_goes_on():
    owners = Owners.parse("[A] @a\n[B @b\nx\n")
    assert owners.of("x") == ("@a",)
    assert ["no heading" in each.reason for each in owners.problems] == [True]


def test_bitbucket_has_settings_and_says_how_many_of_a_team_are_asked():
    text = "CODEOWNERS.destination_branch_pattern main\n*.js @acme/web:random(2) a@example.com # both\n"
    owners = Owners.parse(text, Forge.BITBUCKET)
    assert (owners.of("x.js"), owners.problems) == (("@acme/web", "a@example.com"), ())


def test_byte_order_mark_and_line_ends_of_windows_say_nothing():
    assert Owners.parse("\ufeff*.js @a\r\n*.go @b\r\n").of("x.js") == ("@a",)


def test_owner_that_stands_twice_is_one():
    assert Owners.parse("[A]\n* @x\n[B]\n* @y @x\n").of("a") == ("@x", "@y")


def test_what_a_hostile_file_may_cost_is_bounded():
    many = Owners.parse("* " + " ".join(f"@o{number}" for number in range(1000)))
    assert (len(many.of("a")), len(many.problems)) == (50, 1)
    sections = Owners.parse("".join(f"[s{number}]\n* @o{number}\n" for number in range(1000)))
    assert len(sections.of("a")) == 50
    lines = Owners.parse("a @x\n" * 30_000)
    assert [each.line for each in lines.problems] == [20_001]


words = st.text("ab.*?/\\[]!^ -#@é\n", max_size=12)
names = st.lists(st.text("ab.é", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)
forges = st.sampled_from([None, *Forge])


@given(st.text(max_size=200) | st.lists(words, max_size=8).map("\n".join), names, forges)
def test_no_text_makes_it_raise(text, path, forge):
    owners = Owners.parse(text, forge)
    assert len(set(owners.of(path))) == len(owners.of(path))
    assert all(1 <= each.line <= text.count("\n") + 1 for each in owners.problems)


parts = st.sampled_from(["a", "b", "ab", "*", "a*", "*b", "?", "a?b", "*a*", "**", "a*b*a"])
patterns = st.tuples(
    st.sampled_from(["", "/"]),
    st.lists(parts, min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/"]),
).map("".join)
paths = st.lists(st.sampled_from(["a", "b", "ab", "aab", "ba", "c"]), min_size=1, max_size=5).map("/".join)


def owned_alone(pattern, path, forge):
    return bool(Owners.parse(f"{pattern} @x", forge).of(path))


@given(
    st.lists(patterns, min_size=1, max_size=8),
    st.lists(paths, max_size=8),
    st.sampled_from(["github", "gitlab"]),
)
def test_last_pattern_that_matches_counts(lines, tree, name):
    forge = Forge(name)
    owners = Owners.parse("\n".join(f"{line} @o{number}" for number, line in enumerate(lines)), forge)
    for path, found in zip(tree, owners.of_each(tree), strict=True):
        matching = [number for number, line in enumerate(lines) if owned_alone(line, path, forge)]
        assert found == ((f"@o{matching[-1]}",) if matching else ())


@given(st.lists(patterns, max_size=6), st.lists(paths, max_size=12))
def test_order_of_the_paths_changes_nothing(lines, tree):
    owners = Owners.parse("\n".join(f"{line} @o{number}" for number, line in enumerate(lines)), Forge.GITHUB)
    assert list(owners.of_each(tree)) == [owners.of(path) for path in tree]


def slowly(pattern, path):
    """Match part by part, trying every number of folders for `**`."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return slowly(pattern[1:], path) or (bool(path) and slowly(pattern, path[1:]))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and slowly(pattern[1:], path[1:])


@given(st.lists(parts, min_size=1, max_size=4).filter(lambda each: each[-1] != "**"), paths)
def test_parts_match_as_globs_do(pattern, path):
    assert owned_alone("/" + "/".join(pattern), path, Forge.GITLAB) == slowly(pattern, path.split("/"))


@given(
    st.text("ab*?", min_size=1, max_size=9).filter(lambda each: "**" not in each),
    st.text("ab", min_size=1, max_size=9),
)
def test_stars_in_a_name_match_as_globs_do(pattern, name):
    assert owned_alone(f"/{pattern}", name, Forge.GITLAB) == fnmatchcase(name, pattern)


@given(patterns.filter(lambda each: not each.endswith(("/*", "/**/"))), paths)
def test_pattern_of_github_matches_what_gitignore_would(pattern, path):
    ignored = GitIgnoreSpec.from_lines([pattern]).match_file(path)
    assert owned_alone(pattern, path, Forge.GITHUB) == ignored


def test_stars_cost_no_more_than_their_number():
    owners = Owners.parse("*" + "a*" * 300 + "b @x", Forge.GITLAB)
    assert owners.of("a" * 5000) == ()


def test_problems_name_the_line_and_no_more_than_its_beginning():
    (problem,) = Owners.parse("\n!" + "x" * 500 + " @a\n", Forge.GITHUB).problems
    assert problem.line == 2
    assert len(problem.reason) < 200
    assert re.match(r"'!x+…': ", problem.reason)
