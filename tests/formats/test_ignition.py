"""Ignition and Butane: contents of units and files."""

from extracted import extracted


def found(text, path="config.bu"):
    return [(str(item.text), item.name) for item in extracted("ignition", text, path).embedded]


def test_unit_is_read_under_its_name():
    text = "systemd:\n  units:\n  - name: a.service\n    contents: |\n      [Service]\n"
    assert found(text) == [("[Service]\n", "a.service")]


def test_drop_in_is_read_under_the_name_of_its_unit():
    text = (
        "systemd:\n  units:\n  - name: a.service\n    dropins:\n    - {name: b.conf, contents: '[Service]'}\n"
    )
    assert found(text) == [("[Service]", "a.service.d/b.conf")]


def test_file_is_read_under_its_path():
    path = "/etc/containers/systemd/a.container"
    text = f"storage:\n  files:\n  - path: {path}\n    contents: {{inline: '[Container]'}}\n"
    assert found(text) == [("[Container]", "etc/containers/systemd/a.container")]


def test_url_of_data_is_decoded():
    text = '{"storage": {"files": [{"path": "/a.sh", "contents": {"source": "data:,a%20b%0A"}}]}}'
    assert found(text, "config.ign") == [("a b\n", "a.sh")]


def test_what_is_packed_or_elsewhere_is_not_read():
    text = (
        "storage:\n  files:\n  - {path: /a, contents: {source: 'data:;base64,YQ==', compression: gzip}}\n"
        "  - {path: /b, contents: {source: 'data:;base64,YQ=='}}\n"
        "  - {path: /c, contents: {source: 'https://example.org/c'}}\n  - {path: /d}\n"
    )
    assert found(text) == []
