"""Scripts as files: which files are scripts, what heredocs hold, and what other scripts give."""

import pytest
from extracted import extracted

from planner.formats._shell_inputs import alternatives
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text
from planner.rounds import Files, read_all
from planner.scanning.catalog import chosen
from planner.scanning.gather import Means, Task
from planner.sources.tree import Entry
from planner.sources.worktree import Worktree


def found(text, path="run.sh", **given):
    return extracted("shell", text, path, **given)


def test_script_without_extension_is_told_by_its_first_line():
    assert found("#!/usr/bin/env bash\ndocker pull a:1\n", "bin/up").pulled == ["docker.io/library/a:1"]
    assert found("docker pull a:1\n", "bin/notes").pulled == []


@pytest.mark.parametrize("path", ["run.sh", "a.bash", "lib.zsh", ".envrc", ".bashrc", "run.sh.tmpl"])
def test_script_is_told_by_its_name(path):
    assert found("docker pull a:1\n", path).pulled == ["docker.io/library/a:1"]


def test_commands_in_tests_of_bats_are_read():
    assert found('@test "x" {\n  run -0 docker run a:1\n}\n', "a.bats").pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        ("kubectl apply -f - <<EOF", ("kubernetes",)),
        ("cat <<EOF | envsubst | kubectl -n x create -f -", ("kubernetes",)),
        ("docker compose -f - up -d <<EOF", ("compose",)),
        ("docker stack deploy -c - web <<EOF", ("compose",)),
        ("docker build -t x - <<EOF", ("dockerfile",)),
        ("docker build -f- . <<'EOF'", ("dockerfile",)),
    ],
)
def test_heredoc_is_what_its_command_reads(command, formats):
    (text,) = found(f"{command}\nimage: a\nEOF\n").embedded
    assert (str(text.text), text.formats) == ("image: a\n", formats)


@pytest.mark.parametrize(
    "command",
    [
        "cat > dir/compose.yml <<EOF",
        "cat <<EOF > dir/compose.yml",
        "cat <<EOF | sudo tee dir/compose.yml >/dev/null",
        "tee $DIR/dir/compose.yml <<-EOF",
    ],
)
def test_heredoc_that_is_written_to_a_file_is_that_file(command):
    (text,) = found(f"docker info\n{command}\na:\nEOF\n").embedded
    assert (str(text.text), text.name) == ("a:\n", "dir/compose.yml")


def test_file_of_unknown_name_is_told_by_its_content():
    (text,) = found(
        "f=$(mktemp)\ncat > $f <<EOF\napiVersion: v1\nkind: Pod\nEOF\nkubectl apply -f $f\n"
    ).embedded
    assert text.formats == ("kubernetes",)


def test_variables_of_a_heredoc_are_filled_in_where_they_are_known():
    (text,) = found("I=a:1\nkubectl apply -f - <<EOF\nimage: $I ${J} \\$K\nEOF\n").embedded
    assert str(text.text) == "image: a:1 ${J} $K\n"


def test_heredoc_with_a_quoted_delimiter_is_as_it_is_written():
    (text,) = found("I=a:1\nkubectl apply -f - <<'EOF'\nimage: $I\nEOF\n").embedded
    assert str(text.text) == "image: $I\n"


@pytest.mark.parametrize(
    "command", ["bash <<EOF", "sudo sh -s <<EOF", "ssh -p 22 host <<EOF", "docker exec -i c bash <<EOF"]
)
def test_heredoc_of_a_shell_is_a_script(command):
    assert found(f"docker info; {command}\ndocker pull a:1\nEOF\n").pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    "command",
    [
        "echo 'FROM a:1' | docker build -",
        "printf 'FROM %s\\n' a:1 | docker build -",
        "docker build - <<< 'FROM a:1'",
    ],
)
def test_dockerfile_comes_through_a_pipe(command):
    (text,) = found(command).embedded
    assert (str(text.text).strip(), text.formats) == ("FROM a:1", ("dockerfile",))


def test_build_arguments_are_given_to_the_dockerfile_of_the_folder():
    script = "cd app && docker build --build-arg V=1 .\ndocker build -f x/Other --build-arg W=2 ."
    assert sorted(target for target, _, _ in found(script, "hack/run.sh").bindings) == [
        "app/Dockerfile",
        "app/x/Other",
        "hack/app/Dockerfile",
        "hack/app/x/Other",
    ]


def test_argument_that_names_an_image_is_a_base():
    assert found("docker build --build-arg BASE_IMAGE=a:1 .").roles == [("docker.io/library/a:1", "base")]


def test_script_that_others_read_offers_its_settings():
    ((target, format_name, values),) = found("TAG=1.2\nOTHER=x\n", "hack/lib/versions.sh").bindings[:1]
    assert (target, format_name, values) == ("hack/**", "shell", {"hack/lib/versions.sh\nTAG": "1.2"})


def test_settings_of_a_script_reach_only_the_scripts_that_name_it(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "versions.sh").write_text("TAG=1.2\n")
    (tmp_path / "run.sh").write_text(". lib/versions.sh\ndocker pull a:$TAG\n")
    (tmp_path / "other.sh").write_text("docker pull b:1\n")
    catalog = chosen(["shell"])
    tasks = {
        path: Task(path, Entry(path), catalog.claims(f"/{path}"))
        for path in ("lib/versions.sh", "run.sh", "other.sh")
    }
    read = read_all([Files(Worktree(tmp_path), tasks)], catalog, Means(1_000_000))
    assert "run.sh" in read.again
    assert "other.sh" not in read.again


@pytest.mark.parametrize(
    "command",
    [". lib/versions.sh", 'source "$(dirname "$0")/lib/versions.sh"', '. "${HERE}/lib/versions.sh"'],
)
def test_settings_of_a_script_that_is_read_are_known(command):
    given = {"hack/lib/versions.sh\nTAG": "1.2", "other/versions.sh\nTAG": "9"}
    assert found(f"{command}\ndocker pull a:$TAG", "hack/run.sh", **given).pulled == [
        "docker.io/library/a:1.2"
    ]


def test_settings_of_a_script_that_is_not_read_are_not_known():
    assert found("docker pull a:$TAG", "hack/run.sh", **{"hack/lib.sh\nTAG": "1"}).pulled == []


def test_long_script_is_read_in_parts():
    script = "I=a:1\n" + "docker pull b:1\n" * 3000 + "docker pull $I\n"
    assert set(found(script).pulled) == {"docker.io/library/a:1", "docker.io/library/b:1"}


def test_line_that_is_too_long_is_told_and_the_others_are_read():
    script = "docker pull a:1\ndocker pull b:1; echo " + "x" * 30_000 + "\ndocker pull c:1\n"
    assert set(found(script).pulled) == {f"docker.io/library/{name}:1" for name in "abc"}
    assert len(found(script).unresolved) == 1


def test_tests_of_bats_load_files_of_functions():
    given = {"test/helpers.bash\nTAG": "1"}
    assert found(
        'load helpers\n@test "x" {\n  run docker run a:$TAG\n}\n', "test/a.bats", **given
    ).pulled == ["docker.io/library/a:1"]


MANIFEST = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    image: a/b:${V}\n"


@pytest.mark.parametrize(
    "command",
    ["cat <<EOF\n%sEOF\n", "make() {\n  cat << EOF\n%sEOF\n}\n", "x=$(cat <<EOF\n---\n%sEOF\n)\n"],
)
def test_manifest_that_a_script_prints_is_read(command):
    [item] = found(": ${V:=1}\n" + command % MANIFEST).embedded
    assert (str(item.text).removeprefix("---\n"), item.formats) == (
        MANIFEST.replace("${V}", "1"),
        ("kubernetes",),
    )


@pytest.mark.parametrize(
    "command",
    [
        "cat <<EOF > notes.txt\n%sEOF\n",
        "cat <<EOF | less\n%sEOF\n",
        "cat <<EOF >&2\nusage: give it\n%sEOF\n",
        "cat <<EOF\nusage: x\n%sEOF\n",
        "cat - other <<EOF\n%sEOF\n",
    ],
)
def test_manifest_in_a_text_for_people_is_not(command):
    assert [item.formats for item in found(command % MANIFEST).embedded if item.name != "notes.txt"] == []


@pytest.mark.parametrize(
    "script",
    [
        'cli="docker run --rm -e A=$A a/b"\n$cli x\n',
        'cli="$CONTAINER_ENGINE run --rm -e A=${A} a/b"\n$cli x\n',
        'f() {\n  $cli x\n}\ncli="docker run $OPTIONS a/b"\nf\n',
    ],
)
def test_command_in_a_variable_is_read_though_something_in_it_is_not_known(script):
    assert found(script).pulled == ["docker.io/a/b"]


@pytest.mark.parametrize("value", ["$(pick docker) run a/b", "docker `echo run` a/b", "docker run a/$X y"])
def test_command_in_a_variable_names_no_more_than_is_known(value):
    assert found(f'cli="{value}"\n$cli x\n').pulled == []


@pytest.mark.parametrize(
    "command",
    [
        "docker compose -f a.yml build --build-arg BASE_IMAGE=a/b:1 web",
        "$UNKNOWN --build-arg BASE_IMAGE=a/b:1 web",
        "docker-compose build --build-arg=BASE_IMAGE=a/b:1 web",
        "img build --build-arg BASE_IMAGE=a/b:1 .",
        "if x; then o=--podman-build-args; else o=--build-arg; fi\n$dc build $o BASE_IMAGE=a/b:1 web",
    ],
)
def test_argument_of_any_builder_that_names_an_image_is_a_base(command):
    assert found(f"docker --version\n{command}\n").roles == [("docker.io/a/b:1", "base")]


def test_value_that_reads_like_options_is_no_option():
    script = 'if x; then image="argo/env:1"; else image="$1/x"; fi\ndocker run -t $image version\n'
    assert found(script).pulled == ["docker.io/argo/env:1"]


def test_element_of_an_array_that_is_set_elsewhere_is_not_known():
    result = found(". lib.sh\ndocker pull k/k:${VERSIONS[$V]:-$V}\n", V="max")
    assert (result.pulled, [reason for _, reason in result.unresolved]) == (
        [],
        ["${VERSIONS[$V]:-$V} is of VERSIONS, which is not set in run.sh"],
    )


def test_what_a_script_sets_reaches_the_scripts_that_it_reads():
    bindings = found(". ./lib/env.sh\nWEB_IMAGE=a/b:1\n. parts/pull.sh\n", "ci/all.sh").bindings
    values = {"WEB_IMAGE": "a/b:1"}
    assert [target for target, _, given in bindings if given == values] == [
        "ci/lib/env.sh", "lib/env.sh", "ci/parts/pull.sh", "parts/pull.sh",
    ]  # fmt: skip


def test_settings_that_were_read_are_handed_on():
    result = found(". .env\nOTHER_TAG=2\n", "ci/lib.sh", **{".env\nWEB_IMAGE": "a/b:1"})
    [values] = {tuple(given.items()) for target, _, given in result.bindings if target == "**"}
    assert dict(values) == {"ci/lib.sh\nWEB_IMAGE": "a/b:1", "ci/lib.sh\nOTHER_TAG": "2"}


@pytest.mark.parametrize("between", ["; ", " && ", " || "])
def test_line_of_very_many_commands_is_read(between):
    line = between.join(f"docker pull a/b:{number}" for number in range(3_000))
    assert found(f"{line}\n").pulled == [f"docker.io/a/b:{number}" for number in range(3_000)]


def test_very_long_line_is_not_cut_in_quotes_brackets_or_a_heredoc():
    padding = f"echo {'x' * 500}; " * 50
    line = "echo 'a; docker pull x:1; b' && (cd a; docker pull y:1) ; docker pull z:1 || cat <<E\n"
    text = f"{padding}{line}docker pull no:1; x\nE\n"
    assert found(text).pulled == [f"docker.io/library/{name}:1" for name in "yz"]


@pytest.mark.parametrize(
    "setting",
    [
        "WEB_IMAGE=a/b:1",
        'export WEB_IMAGE="a/b:1"',
        "export WEB_IMAGE=${WEB_IMAGE:-a/b:1}",
        'WEB_IMAGE=${WEB_IMAGE:="a/b:1"}',
        "readonly web_image=a/b:1",
    ],
)
def test_setting_that_is_called_an_image_is_likely_one(setting):
    assert found(f"{setting}\n").roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize(
    "script",
    [
        "WEB_IMAGE=a/b\n",
        "IMAGES=a/b:1\n",
        "IMAGE_TAG=a:1\n",
        "DISK_IMAGE=a/b.img\n",
        "WEB_IMAGE=a/b:1\ndocker build -t $WEB_IMAGE .\n",
    ],
)
def test_setting_that_is_no_image_or_is_built_pulls_nothing(script):
    assert found(script).pulled == []


def test_setting_that_a_command_uses_is_told_once():
    assert found("WEB_IMAGE=a/b:1\ndocker pull $WEB_IMAGE\n").pulled == ["docker.io/a/b:1"]


def test_slice_at_a_number_of_very_many_digits_is_not_known():
    assert found(f"X=abc\ndocker pull ${{X:{'1' * 5_000}}}\n").pulled == []


def test_alias_is_the_command_that_it_stands_for():
    assert found("alias awx='docker run --rm -it acme/awx:1'\n").pulled == ["docker.io/acme/awx:1"]
    assert found("alias ll='ls -l' docker\nalias\n").found == []


def test_command_that_two_branches_set_is_either():
    text = (
        'if a; then RUN="docker run acme/a:1"; else RUN="singularity exec docker://acme/b:2"; fi\n$RUN list\n'
    )
    assert sorted(found(text).pulled) == ["docker.io/acme/a:1", "docker.io/acme/b:2"]


def test_pull_of_many_images_is_read_as_far_as_a_command_goes():
    assert len(found("podman pull " + " ".join(f"a/b:{number}" for number in range(1000))).pulled) == 200


def test_lists_that_are_asked_for_more_often_than_anyone_writes_are_told():
    text = "".join(f"for a{each} in $a{each - 1} b{each}; do true; done\n" for each in range(1, 400))
    found = extracted("shell", f"a0=b0\n{text}docker pull $a399\n", "x.sh")
    assert "docker.io/library/b0" in found.pulled
    assert any("not all are read" in reason for _, reason in found.unresolved)


def test_a_program_that_many_branches_set_is_read_once():
    programs = tuple(Value(Text.at(place, name)) for place, name in enumerate(("docker", "podman") * 8))
    line = [Word((Piece(Text.at(30, "$ENGINE"), programs, "ENGINE"),)), Word.literal(Text.at(40, "pull"))]
    assert [str(words[0]) for words in alternatives(line)] == ["docker", "podman"]


@pytest.mark.parametrize(
    "script",
    [
        'RUN="docker run"\n$RUN a:1\n',
        'RUN=(docker run)\nretry "${RUN[@]}" a:1\n',
        "go() { $1 pull a:1; }\ngo docker\n",
        "for each in podman docker; do $each pull a:1; done\n",
        "go() { $later pull a:1; }\nlater=docker\ngo\n",
        'with "${RUN:=docker run}"\n$RUN a:1\n',
        "while read run; do $run a:1; done <<E\ndocker pull\nE\n",
        "sudo $container_engine pull a:1 # docker\n",
        'IN="sh -c"\n$IN "docker pull a:1"\n',
        'A=docker\nB="$A pull"\n$B a:1\n',
    ],
)
def test_a_command_that_variables_make_one_of_containers_is_read(script):
    assert "docker.io/library/a:1" in found(script).pulled
