import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from merging import GOOGLE, OWN, added, asked, merged

from planner.errors import ConfigError


def endpoints(text):
    return yaml.safe_load(text)["mirrors"]["docker.io"]["endpoint"]


def test_file_that_is_new_holds_the_mirror_alone():
    assert merged("k3s") == "mirrors:\n  docker.io:\n    endpoint:\n      - https://mirror.gcr.io\n"


def test_path_of_a_repository_is_in_the_endpoint_and_needs_no_rewrite():
    before = merged("k3s")
    after = merged("k3s", before, OWN)
    assert endpoints(after) == ["https://us-docker.pkg.dev/v2/acme/docker-hub", "https://mirror.gcr.io"]
    assert added(before, after)


def test_rewrite_that_would_apply_to_the_new_endpoint_is_refused_with_the_place():
    before = (
        'mirrors:\n  docker.io:\n    endpoint: ["https://a.example"]\n    rewrite:\n      "^(.*)$": "x/$1"\n'
    )
    with pytest.raises(ConfigError, match="FILE:5:7: `rewrite` would apply"):
        merged("k3s", before)


def test_comments_credentials_and_quotes_stay():
    before = (
        "# nodes\nmirrors:\n  'docker.io':  # Hub\n    endpoint:\n    - \"https://a.example\"   # near - by\n"
        "    # far\n    - https://mirror.gcr.io\nconfigs:\n  a.example:\n    auth: {username: u, "
        "password: 'p: # x'}\n"
    )
    after = merged("k3s", before, "b.example")
    assert after == before.replace("    - https://mirror", "    - https://b.example\n    - https://mirror")


@pytest.mark.parametrize(
    "before",
    [
        "mirrors:\n",
        "mirrors: {}\n",
        "mirrors: null\nconfigs: {}\n",
        "mirrors:\n  docker.io:\n",
        "mirrors:\n  docker.io: {endpoint: []}\n",
        "mirrors:\n  docker.io:\n    endpoint:\n",
        "mirrors:\n  quay.io:\n    endpoint: [https://q.example]\n# end",
        "configs:\n  a:\n    tls:\n      ca_file: /x",
        "{configs: {a: b}}",
        "# nothing yet",
        "---\nconfigs: {}\n",
        "x: &a https://a.example\nmirrors:\n  docker.io:\n    endpoint:\n    - &b https://b.example\n"
        "    - *a\n    - *b # b\n# end\n",
        "x: &a {}\nmirrors:\n  docker.io:\n    endpoint:\n    - https://a.example\n  quay.io: *a",
        "mirrors:\r\n  docker.io:\r\n    endpoint: [\r\n      https://a.example, # a\r\n      "
        "https://b.example # b\r\n    ]\r\n",
    ],
)
def test_every_way_to_write_it(before):
    after = merged("k3s", before)
    assert endpoints(after)[-1] == "https://mirror.gcr.io"
    assert added(before.replace("null", ""), after)


def test_two_documents_are_refused():
    with pytest.raises(ConfigError, match="FILE:3:1: not YAML: one document is expected"):
        merged("k3s", "a: b\n---\nc: d\n")


def test_broken_file_is_refused_with_the_place():
    with pytest.raises(ConfigError, match="FILE:2:1: not YAML"):
        merged("k3s", "mirrors: [\n}\n")


names = st.lists(
    st.sampled_from(["https://a.example", "http://b.example:5000", "https://c.example/v2/x"]), unique=True
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="ab: #-'\"\n", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(
    names,
    st.dictionaries(st.sampled_from(["configs", "quay.io", "z"]), values),
    st.sampled_from([None, True, False]),
    st.integers(2, 5),
    st.booleans(),
)
def test_any_file_gains_the_mirror_and_nothing_else(there, other, flow, indent, crlf):
    tree = {"a": other, "mirrors": {"docker.io": {"endpoint": there}, **other}, "z": other}
    before = yaml.dump(tree, default_flow_style=flow, indent=indent, sort_keys=False)
    before = before.replace("\n", "\r\n") if crlf else before
    tree["mirrors"]["docker.io"]["endpoint"] = [*there, f"https://{GOOGLE}"]
    after = merged("k3s", before)
    assert yaml.safe_load(after) == tree
    assert added(before, after)


@given(st.text(max_size=40) | st.text(alphabet="mirrors: -[]{}#'\"\n&*|>d.", max_size=60))
def test_no_text_breaks_it_other_than_by_an_error(text):
    try:
        assert asked("k3s", merged("k3s", text))
    except ConfigError:
        return


def test_key_with_a_question_mark_cannot_be_added_to():
    with pytest.raises(ConfigError, match="cannot be added to"):
        merged("k3s", "? configs\n: {}\n")


def test_list_that_others_share_is_refused():
    for text in (
        "x: &all [https://a.example]\nmirrors:\n  docker.io:\n    endpoint: *all\n",
        "mirrors:\n  docker.io: &hub\n    endpoint: []\n  quay.io: *hub\n",
    ):
        with pytest.raises(ConfigError, match="cannot be added to"):
            merged("k3s", text)


def test_circle_of_aliases_ends():
    for text in ("&a\n- *a\n", "&a\nb: *a\n", "mirrors: &m\n  x: *m\n", "&m [*m]"):
        try:
            merged("k3s", text)
        except ConfigError:
            continue


def test_text_that_looks_like_an_item_is_refused():
    before = "mirrors:\n  docker.io:\n    endpoint:\n    - 'https://a\n    - .example'\n"
    with pytest.raises(ConfigError, match="cannot be added to"):
        merged("k3s", before)
