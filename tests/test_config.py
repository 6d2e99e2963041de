import pytest

from planner.config import EndpointSettings, Settings, load
from planner.errors import ConfigError
from planner.model.repository import Mode


def settings(folder, content, name="hub2ar.toml"):
    (folder / name).write_text(content)
    return load(start=folder)


def test_without_a_file_there_are_defaults(tmp_path):
    (tmp_path / ".git").mkdir()
    assert load(start=tmp_path) == Settings()


def test_nearest_file_above_is_read(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "hub2ar.toml").write_text('[target]\nproject = "acme"\nmode = "virtual"\n')
    found = load(start=tmp_path / "a" / "b").target
    assert (found.project, found.mode) == ("acme", Mode.VIRTUAL)


def test_search_ends_at_the_top_of_the_repository(tmp_path):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "hub2ar.toml").write_text('[target]\nproject = "other"\n')
    assert load(start=tmp_path / "repo").target.project == ""


def test_table_of_pyproject_is_read(tmp_path):
    found = settings(tmp_path, '[tool.hub2ar.target]\nproject = "acme"\n', "pyproject.toml")
    assert found.target.project == "acme"


def test_endpoint_is_a_url_or_a_table(tmp_path):
    long = '"r.example" = {url = "http://r.example", insecure = true}'
    found = settings(tmp_path, f'[endpoints]\n"docker.io" = "http://127.0.0.1:1"\n{long}\n')
    assert found.endpoints == {
        "docker.io": "http://127.0.0.1:1",
        "r.example": EndpointSettings("http://r.example", insecure=True),
    }


def test_endpoint_may_set_limits_alone(tmp_path):
    found = settings(
        tmp_path, '[endpoints]\n"r.example" = {token-hosts = ["login.example"], per-second = 2.5}\n'
    )
    assert found.endpoints == {"r.example": EndpointSettings(token_hosts=("login.example",), per_second=2.5)}


@pytest.mark.parametrize("value", ['""', "{at-once = -1}", "{per-second = -0.5}"])
def test_endpoint_that_is_nowhere_is_an_error(tmp_path, value):
    with pytest.raises(ConfigError, match=r"\$\.endpoints"):
        settings(tmp_path, f'[endpoints]\n"r.example" = {value}\n')


def test_unknown_key_names_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match="unknown field projct") as caught:
        settings(tmp_path, '[target]\nprojct = "acme"\n')
    assert caught.value.hint == "did you mean 'project'?"


def test_wrong_value_names_its_place(tmp_path):
    with pytest.raises(ConfigError, match=r"\$\.target\.mode"):
        settings(tmp_path, '[target]\nmode = "romote"\n')


def test_broken_file_is_one_error(tmp_path):
    with pytest.raises(ConfigError, match="not TOML"):
        settings(tmp_path, "[target\n")


def test_named_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "nowhere.toml")


def test_time_that_is_none_is_told_without_a_pattern(tmp_path):
    with pytest.raises(ConfigError, match=r"\$\.repositories\.cleanup\.older-than: not a time$") as error:
        settings(tmp_path, '[repositories.cleanup]\nolder-than = "30x"\n')
    assert error.value.hint == "write days or hours: 30d, 12h"
