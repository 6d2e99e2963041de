import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merging import OWN, added, asked, merged

from planner.errors import ConfigError


def mirrors(text):
    return tomllib.loads(text)["registry"]["docker.io"]["mirrors"]


def test_new_file_has_the_table_of_docker_hub():
    assert merged("buildkit") == '[registry."docker.io"]\n  mirrors = ["mirror.gcr.io"]\n'


def test_mirror_may_have_a_path_and_has_no_scheme():
    assert mirrors(merged("buildkit", "", OWN)) == [OWN]


def test_comments_and_other_tables_stay():
    before = (
        'debug = true # all\n[registry."docker.io"]\n  # near\n  mirrors = ["a.example"] # '
        "one\n  http = false\n\n[gc]\n"
    )
    after = merged("buildkit", before)
    assert after == before.replace('"a.example"', '"a.example", "mirror.gcr.io"')


def test_item_on_a_line_of_its_own_leaves_comments_with_their_items():
    before = '[registry."docker.io"]\nmirrors = [\n  "a.example", # near\n  "mirror.gcr.io" # far\n]\n'
    after = merged("buildkit", before, "b.example")
    assert after == before.replace("# near\n", '# near\n  "b.example",\n')
    assert mirrors(after) == ["a.example", "b.example", "mirror.gcr.io"]


@pytest.mark.parametrize(
    "ending",
    ['"a.example"\n]', '"a.example",\n]', '"a.example"]', '"a.example" # x\n]', '"a.example", # x\n # y\n]'],
)
def test_last_item_of_many_lines(ending):
    before = f'[registry."docker.io"]\n  mirrors = [\n    {ending}\n'
    after = merged("buildkit", before)
    assert mirrors(after) == ["a.example", "mirror.gcr.io"]
    assert added(before, after)


@pytest.mark.parametrize(
    "before",
    [
        '[registry]\n  [registry."docker.io"]\n    http = false\n[x]\ny = 1\n',
        '[registry]\n[registry."docker.io".z]\na = 1\n',
        'registry = { "docker.io" = { mirrors = [ "a.example" ] } }\n',
        'registry = {"docker.io" = {http = false}}\n',
        "[registry.'docker.io']\n",
        '[ registry . "docker.io" ] # here\n\n\n[worker.oci]\nenabled = true',
        '[registry."docker.io"]\nmirrors = []\n',
        '[[x]]\ny = """\n[registry."docker.io"]\n"""\n',
        'a = [["b", "c"], [{d = 1.5, e = 1979-05-27T07:32:00Z}]]\n',
        "\ufeffa = 1\r\n",
    ],
)
def test_every_way_to_write_the_table(before):
    after = merged("buildkit", before)
    assert mirrors(after.removeprefix("\ufeff"))[-1] == "mirror.gcr.io"
    assert added(before, after)


def test_dotted_keys_cannot_be_added_to():
    with pytest.raises(ConfigError, match="cannot be added to"):
        merged("buildkit", '[registry]\n"docker.io".http = false\n')


keys = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", "h.i"])
scalars = st.sampled_from(
    ["1", "true", '"x"', "'y # z'", '"""\n[registry."docker.io"]\n"""', "[1, 2]", "{q = 1}"]
)


@given(
    st.lists(st.tuples(st.sampled_from(["t", "u", "v"]), keys, scalars), unique_by=lambda each: each[0]),
    st.none() | st.lists(st.sampled_from(["a.example", "b.example/x"]), unique=True),
    st.sampled_from([", ", ",", ",\n  ", " , # c\n  "]),
    st.integers(0, 3),
    st.booleans(),
)
def test_any_file_gains_the_mirror_and_nothing_else(tables, there, separator, position, crlf):
    blocks = [f"# {name}\n[{name}]\n{key} = {value} # c\n" for name, key, value in tables]
    if there is not None:
        items = separator.join(f'"{each}"' for each in there)
        blocks.insert(position, f'[registry."docker.io"]\n  mirrors = [{items}]\n')
    before = "\n".join(blocks)
    before = before.replace("\n", "\r\n") if crlf else before
    after = merged("buildkit", before)
    wanted = tomllib.loads(before)
    wanted.setdefault("registry", {})["docker.io"] = {"mirrors": [*(there or []), "mirror.gcr.io"]}
    assert tomllib.loads(after) == wanted
    assert added(before, after)


@given(st.text(max_size=60))
def test_no_text_breaks_it_other_than_by_an_error(text):
    try:
        assert asked("buildkit", merged("buildkit", text))[-1:]
    except ConfigError:
        return


def test_value_that_is_no_list_is_refused_with_the_place():
    with pytest.raises(ConfigError, match="FILE:2:1: 'mirrors' is no list"):
        merged("buildkit", '[registry."docker.io"]\nmirrors = "a.example"\n')
