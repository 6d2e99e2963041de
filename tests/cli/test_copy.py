import pytest

from planner.cli.main import run


@pytest.fixture(autouse=True)
def away(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hub2ar.toml").write_text(
        '[endpoints]\n"docker.io" = "http://127.0.0.1:9"\n"us-docker.pkg.dev" = "http://127.0.0.1:9"\n'
    )


def test_text_that_is_no_reference_is_one_error(capsys):
    assert run(["copy", "No Image", "us-docker.pkg.dev/p/r/x"]) == 1
    assert capsys.readouterr().err.startswith("error: 'No Image' ")


def test_registry_that_is_away_is_a_failed_outcome(capsys):
    assert run(["copy", "nginx:1", "us-docker.pkg.dev/p/r/library/nginx:1"]) == 4
    assert '"result":"failed"' in capsys.readouterr().out
