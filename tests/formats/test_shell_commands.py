"""Shell scripts: which words of which commands are images, and what variables make of them."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._shell import images, mentions_programs
from planner.formats._shell_words import Value
from planner.model.inventory import Confidence, Role
from planner.model.source import Run, Text


def candidates(script: str, **variables: str) -> list[Candidate]:
    outside = {name: Text.at(0, value, "outside") for name, value in variables.items()}
    return list(images(Text.at(0, script), "run.sh", outside))


def pulled(script: str, **variables: str) -> list[str]:
    found = candidates(script, **variables)
    return [str(item.value) for item in found if item.role is not Role.OUTPUT and not item.problem]


def built(script: str) -> list[str]:
    return [str(item.value) for item in candidates(script) if item.role is Role.OUTPUT]


def unresolved(script: str) -> list[tuple[str, str]]:
    return [(item.spelled, item.problem) for item in candidates(script) if item.problem]


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--rm",
        "-it",
        "-d -P",
        "-p 80:80",
        "-p80:80",
        "-itp 80:80",
        "-v a:b",
        "-v a:b:ro -v c:d",
        "-v ./$1:/$1 -v $2:/$2",
        "--name=x",
        "--name x",
        "-e FOO",
        "-eFOO=1",
        "-e=FOO=1",
        "--env FOO=1 --env-file .env",
        '-u "$(id -u):$(id -g)"',
        "-w /src --entrypoint sh",
        "--network host --platform linux/amd64",
        "--gpus all --shm-size 1g",
        "--mount type=bind,source=a,target=b",
        "--pull always",
        "--",
    ],
)
def test_first_operand_of_run_is_the_image(options):
    assert pulled(f"docker run {options} nginx:1.27 redis postgres") == ["nginx:1.27"]


@pytest.mark.parametrize(
    "command",
    [
        "docker pull x:1",
        "docker create --name c x:1",
        "docker container run x:1",
        "docker image pull --quiet x:1",
        "docker -H tcp://host:2375 --context c run x:1",
        "podman run --replace --pod p x:1",
        "podman pull docker://x:1",
        "podman run --rootfs x:1 && podman pull x:1",
        "nerdctl -n k8s.io run x:1",
        "/usr/bin/docker run x:1",
        "docker service create --replicas 2 x:1",
        "docker service update --image x:1 web",
        "docker buildx create --use --driver-opt network=host,image=x:1",
        "docker buildx imagetools inspect x:1",
        "docker manifest inspect x:1",
        "buildah from --name c x:1",
        "buildah pull x:1",
        "skopeo inspect docker://x:1",
        "skopeo --override-os linux copy docker://x:1 dir:/tmp/x",
        "crane digest x:1",
        "gcrane manifest x:1",
        "crane --platform linux/amd64 pull x:1 file.tar",
        "kubectl run web --image=x:1 --port 80 -- sh",
        "kubectl -n web create deployment web --image x:1",
        "kubectl set image -n web deployment/web app=x:1 --record",
        "kubectl debug -it pod/a --image=x:1 --target=b",
        "$KUBECTL run web --image=x:1",
        '"${KIND}" create cluster --image x:1',
        "${SKOPEO_BIN} copy docker://x:1 dir:y",
        """kubectl patch deploy a -p '{"spec": {"containers": [{"name": "b", "image": "x:1"}]}}'""",
        """kubectl patch po a --type=json -p='[{"op": "replace", "path": "/c/0/image", "value": "x:1"}]'""",
        """kubectl patch deploy a --patch "spec: {containers: [{name: b, image: x:1}]}" """,
        """kubectl run a --overrides='{"spec": {"containers": [{"image": "x:1"}]}}'""",
        "kind create cluster --name c --image x:1",
        "k3d cluster create c --image x:1",
        "k3d cluster create -i x:1 c",
        "minikube start --driver docker --base-image=x:1",
        "gcloud run deploy web --region r --image x:1",
        "gcloud beta run jobs create web --image=x:1",
        "az container create -g g --name n --image x:1",
        "ctr -n k8s.io images pull x:1",
        "ctr run --rm x:1 name sh",
        "crictl pull x:1",
        "singularity pull x.sif docker://x:1",
        "apptainer exec docker://x:1 ls",
        "pack build --path . --builder x:1",
        "dokku git:from-image web x:1",
        "minikube ssh -- docker pull x:1",
        "minikube ssh 'docker pull x:1'",
        "docker-machine ssh default 'mkdir a; docker pull x:1'",
        "docker exec web sh -c 'docker pull x:1'",
        "kubectl exec web -- bash -ec 'crictl pull x:1'",
        "engine=$(command -v docker)\n$engine pull x:1",
        '"${docker[@]}" run --rm x:1 sh',
        "docker run --rm $GPUS x:1 sh",
        "IMAGE=x:1\ndocker run --rm $IMAGE python:3",
        'engine="${engine:-$(which docker || which podman)}"\n"$engine" pull x:1',
    ],
)
def test_image_of_a_command(command):
    assert pulled(command) == ["x:1"]


@pytest.mark.parametrize(
    "command",
    [
        "docker exec web ls",
        "docker logs nginx",
        "docker rm -f nginx",
        "docker cp nginx:/a b",
        "docker inspect nginx",
        "$DOCKER_COMPOSE run --rm redis sh",
        '"${docker_compose[@]}" run --rm redis sh',
        '"${docker[@]}" run --rm redis sh',
        "docker network create nginx",
        "docker volume create nginx",
        "docker compose run web",
        "docker images nginx",
        f"docker run {'a' * 64}",
        "docker run 077581956a92 ls",
        "podman pull docker-archive:x.tar",
        "echo docker run nginx",
        "echo 'docker run nginx'",
        "ECHO='echo -e'; $ECHO docker run nginx",
        "# docker run nginx",
        "gcloud compute instances create vm --image debian-12",
        "kubectl run web --restart=Never -- --image=nginx",
        "kubectl get pods -l app=nginx",
        "$KINDLY create cluster --image x:1",
        "$MY_KIND create cluster --image x:1",
        """kubectl patch cm a --type json -p '[{"op": "add", "path": "/data/b", "value": "x:1"}]'""",
        """kubectl patch pv a -p '{"spec": {"imagePullSecrets": [{"name": "x:1"}]}}'""",
        "helm install web bitnami/nginx",
        "skopeo copy dir:a oci:b",
        "crane export - - <web.tar",
        "singularity exec nginx.sif ls",
        "cat <<EOF\ndocker run nginx\nEOF",
        "cat <<'EOF' > run.sh\ndocker run nginx\nEOF",
    ],
)
def test_no_image(command):
    assert candidates(command) == []


@pytest.mark.parametrize(
    "command",
    [
        "docker build -t x:1 .",
        "docker build --tag=x:1 .",
        "docker buildx build --push -t x:1 -f a/Dockerfile .",
        "docker image build --output type=image,name=x:1,push=true .",
        "podman build --manifest x:1 .",
        "docker tag nginx x:1",
        "docker push --quiet x:1",
        "podman push --tls-verify=false a:1 x:1",
        "buildah push a:1 docker://x:1",
        "podman manifest push --all a:1 x:1",
        "docker commit -m message web x:1",
        "buildah bud -t x:1",
        "skopeo copy dir:a docker://x:1",
        "crane push a.tar x:1",
        "pack build x:1",
        "gcloud builds submit --tag x:1",
        "docker buildx imagetools create -t x:1",
        "docker buildx bake web --set '*.output=type=docker,name=x:1'",
        "kind build node-image --image x:1",
    ],
)
def test_name_that_is_built_or_pushed_is_an_output(command):
    assert built(command) == ["x:1"]


def test_copy_reads_one_and_writes_the_other():
    script = "skopeo copy --all docker://a:1 docker://b:1; crane cp c:1 d:1"
    assert (pulled(script), built(script)) == (["a:1", "c:1"], ["b:1", "d:1"])


def test_build_names_caches_contexts_and_generators():
    script = (
        "docker build --cache-from a:1 --cache-from type=registry,ref=b:1 --cache-from type=gha "
        "--build-context x=docker-image://c:1 --build-context y=../y --attest type=sbom,generator=d:1 "
        "--cache-to type=registry,ref=e:1,mode=max --build-arg BASE=f:1 ."
    )
    assert sorted(pulled(script)) == ["a:1", "b:1", "c:1", "d:1"]
    assert built(script) == ["e:1"]
    assert [str(item.value) for item in candidates(script) if item.role is Role.CACHE] == ["a:1", "b:1"]


def test_image_volume_is_a_mount():
    found = candidates("docker run --mount type=image,source=data:1,target=/d nginx")
    assert [(str(item.value), item.role) for item in found] == [
        ("data:1", Role.MOUNT),
        ("nginx", Role.SCRIPT),
    ]


def test_helm_joins_the_settings_of_one_image():
    script = "helm upgrade web ./c --set image.registry=docker.io,image.repository=a/b,a=b --set image.tag=7"
    assert pulled(script) == ["docker.io/a/b:7"]


def test_helm_repository_alone_is_only_likely_an_image():
    assert (
        candidates("helm install web ./c --set git.repository=a/b,image.repository=c/d")[0].confidence
        is Confidence.HEURISTIC
    )


@pytest.mark.parametrize(
    "wrapper",
    [
        "sudo",
        "sudo -E -u root",
        "env A=1 B=2",
        "A=1",
        "time",
        "exec",
        "nohup",
        "timeout 5",
        "timeout -k 1 5s",
        "sudo timeout --signal KILL 5 nice -n 3",
        "$SUDO",
        "${DRY_RUN}",
        "if x; then DRY=echo; fi; $DRY",
        "!",
        "if",
    ],
)
def test_wrapper_is_passed_over(wrapper):
    tail = "; then :; fi" if wrapper == "if" else ""
    assert pulled(f"{wrapper} docker run x:1{tail}") == ["x:1"]


def test_function_that_runs_docker_makes_it_a_guess():
    found = candidates("retry 3 docker pull x:1")
    assert [(str(item.value), item.confidence) for item in found] == [("x:1", Confidence.HEURISTIC)]


@pytest.mark.parametrize(
    "script",
    [
        "docker pull a:1; docker pull b:1",
        "docker pull a:1 && docker pull b:1",
        "docker run a:1 | docker run b:1",
        "(docker pull a:1); { docker pull b:1; }",
        "x=$(docker run a:1) && y=`docker run b:1`",
        "docker pull a:1 > log 2>&1 &\ndocker pull b:1",
        "docker pull \\\n  a:1\ndocker pull b:1",
        "docker pull \\\r\n  a:1\r\ndocker pull b:1\r\n",
        "case $x in 1) docker pull a:1;; *) docker pull b:1;; esac",
        "f() { docker pull a:1; }\nf && docker pull b:1",
        "cat <<EOF\n$(docker run a:1)\nEOF\ndocker run b:1",
        "sh -c 'docker pull a:1; docker pull b:1'",
        'bash -exc "docker pull a:1 && docker pull \\"b:1\\""',
        "eval docker pull a:1; eval 'docker pull b:1'",
        "sudo sh -c \"sh -c 'docker pull a:1'\"; docker pull b:1",
    ],
)
def test_every_command_of_a_script_is_read(script):
    assert pulled(script) == ["a:1", "b:1"]


@pytest.mark.parametrize("spelled", ["x:1", '"x:1"', "'x:1'", "x\\:1", "\"x\"':1'", "$'x:1'", "x:\\\n1"])
def test_quotes_are_not_part_of_the_value(spelled):
    assert pulled(f"docker run {spelled} sh") == ["x:1"]


def test_spelled_has_no_quotes_and_starts_where_the_text_does():
    script = 'docker run "nginx:1.27"'
    (found,) = candidates(script)
    assert (found.spelled, found.start, found.confidence) == (
        "nginx:1.27",
        script.index("nginx"),
        Confidence.CERTAIN,
    )


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("I=x:1; docker run $I", ["x:1"]),
        ("I=x:1\ndocker run ${I}", ["x:1"]),
        ('export I="x:1"; docker run "$I" sh', ["x:1"]),
        ("readonly V=1; I=x:$V; V=2; docker run $I", ["x:1"]),
        ("I=x:1; I=x:2; docker run $I", ["x:2"]),
        ("docker run ${I:-x:1}", ["x:1"]),
        ("docker run ${I-x:1}", ["x:1"]),
        ("docker run ${I:-${J:-x:1}}", ["x:1"]),
        ('docker run "${I:-"x:1"}"', ["x:1"]),
        ("I=; docker run ${I:-x:1}", ["x:1"]),
        (': "${I:=x:1}"; docker run $I', ["x:1"]),
        ("V=1; docker run x${V:+:$V}; docker run y${W:+:$W}", ["x:1", "y"]),
        ("I=x; I+=:1; docker run $I", ["x:1"]),
        ("if a; then I=x:1; else I=x:2; fi; docker run $I", ["x:1", "x:2"]),
        ('I=x:1; [ -n "$A" ] && I=x:2; docker run $I', ["x:1", "x:2"]),
        ("case $A in a) I=x:1;; b) I=x:2;; esac; docker run $I", ["x:1", "x:2"]),
        ("for i in x:1 'x:2'; do docker pull $i; done", ["x:1", "x:2"]),
        ("L='x:1 x:2'; for i in $L; do docker pull $i; done", ["x:1", "x:2"]),
        ('A=(x:1 "x:2"); for i in "${A[@]}"; do docker pull "$i"; done', ["x:1", "x:2"]),
        ("A=(x:1); A+=(x:2); docker pull ${A[@]}", ["x:1", "x:2"]),
        ("declare -A A=([a]=x:1 [b]=x:2); docker pull ${A[$k]}", ["x:1", "x:2"]),
        ('p() { local i="$1"; docker pull "$i"; }; p x:1; p x:2', ["x:1", "x:2"]),
        ("f() { docker pull $I; }; I=x:1; f", ["x:1"]),
        ("C='docker run --rm'; $C x:1", ["x:1"]),
        ("${DOCKER:-docker} run x:1", ["x:1"]),
        ("O='-v a:b'; O=\"$O --rm\"; docker run $O x:1", ["x:1"]),
        ('O=(-v a:b --rm); docker run "${O[@]}" x:1', ["x:1"]),
        ("docker run $DOCKER_OPTS x:1", ["x:1"]),
        ('docker run --rm "$@" x:1', ["x:1"]),
        ('I=x:1; sh -c "docker run $I"', ["x:1"]),
        ("T=a/b\nV=1\ndocker pull $T:$V-alpine", ["a/b:1-alpine"]),
        ("T=a/b\nV=1\nW=2\ndocker pull $T:$V.$W-x", ["a/b:1.2-x"]),
        ("H=q.io\nO=a\nI=b\ndocker pull $H/$O/$I:1", ["q.io/a/b:1"]),
        ("O=a\nI=b\ndocker pull q.io/$O$I/c:1", ["q.io/ab/c:1"]),
        ("T=a/b\nV=1\nI=$T:$V-alpine\ndocker pull $I", ["a/b:1-alpine"]),
        ("T=a/b\nV=1\nexport I=$T:$V.0\ndocker pull $I", ["a/b:1.0"]),
        ("T=a/b\nV=1\nfor i in $T:$V-x $T:$V-y; do docker pull $i; done", ["a/b:1-x", "a/b:1-y"]),
        ('T=a/b\nV=1\ndocker pull "$T":$V-x', ["a/b:1-x"]),
        ("V=1\ndocker pull a/b:1-'$V-x'", ["a/b:1-$V-x"]),
    ],
)
def test_variable(script, expected):
    assert pulled(script) == expected


def test_variable_from_outside_goes_before_a_default():
    assert pulled("docker run ${I:-x:1}", I="y:2") == ["y:2"]


def test_variable_from_outside_keeps_its_place():
    (found,) = candidates("docker run nginx:$V", V="1.27")
    assert found.value.runs == (Run("nginx:", 11), Run("1.27", 0, "outside"))
    assert found.trail == ("V=1.27 (outside)",)


def test_variable_is_edited_where_it_is_set():
    script = "V=1.27\ndocker run nginx:$V"
    (found,) = candidates(script)
    assert found.value.runs == (Run("nginx:", script.index("nginx")), Run("1.27", 2))
    assert (found.confidence, found.spelled) == (Confidence.RESOLVED, "nginx:$V")


def test_expression_is_looked_up_as_it_is_spelled():
    expression = Text.at(0, "x:1", "ci.yml")
    for spelled in ("${{ env.I }}", "$[[ inputs.i ]]", "{{.I}}", "<< parameters.i >>", "$(I)"):
        found = images(Text.at(0, f"docker run {spelled} sh"), "ci.yml", {spelled: expression})
        assert [str(item.value) for item in found] == ["x:1"], spelled


@pytest.mark.parametrize(
    ("script", "spelled", "word"),
    [
        ("docker run $I", "$I", "I is not set in run.sh"),
        ('docker run "${REGISTRY}/a:1"', "${REGISTRY}/a:1", "REGISTRY is not set"),
        ("docker run ${I:?no image}", "${I:?no image}", "I is not set"),
        ("I=$REGISTRY/a; docker run $I", "$I", "REGISTRY is not set"),
        ("docker run $(cat image)", "$(cat image)", "computed when the script runs"),
        ("docker run x:${V%.*}", "x:${V%.*}", "computed"),
        ("docker run $1", "$1", "known only when the script runs"),
        ("docker run ${{ env.I }}:1", "${{ env.I }}:1", "filled in before the script runs"),
        ("docker run {{ image }}", "{{ image }}", "filled in before the script runs"),
    ],
)
def test_what_is_not_known_says_why(script, spelled, word):
    ((text, problem),) = unresolved(script)
    assert text == spelled
    assert word in problem


def test_command_with_a_syntax_error_is_a_guess():
    found = candidates("docker run nginx <(a")
    assert found
    assert all(item.confidence is Confidence.HEURISTIC and not item.problem for item in found)


def test_quote_that_is_not_closed_ends_with_the_script():
    assert pulled('[ -n "$A" ] && docker run "x:1') == ["x:1"]


def test_value_that_doubles_line_by_line_is_given_up():
    ((spelled, problem),) = unresolved("X=a\n" + "X=$X$X\n" * 60 + "docker run $X")
    assert (spelled, problem) == ("$X", "longer than any reference")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker pull x:1", True),
        ("${DOCKER:-docker} pull x:1", True),
        ("$C pull x:1", True),
        ("echo hello; ls; kindly; dockerize; docker-composer up", False),
    ],
)
def test_script_is_parsed_only_if_it_mentions_a_program(script, expected):
    assert mentions_programs(script, {"C": (Value(Text.at(0, "docker")),)}) == expected


@pytest.mark.parametrize(
    "script", ["docker run " + "$(" * 2000, "docker run " + "${A:-" * 2000, "docker run " + "sh -c '" * 500]
)
def test_deep_nesting_does_no_harm(script):
    candidates(script)


_PARTS = st.sampled_from(
    ["docker", "run", "pull", "build", "-t", "--image=", "x:1", "$X", "${X:-", "}", "X=", "'", '"', "$(", "`",
     "(", ")", "\\", "\n", "\r\n", " ", "  ", "${{ a }}", "{{ b }}", "é", "\x00", "\udc80", "𝒳",
     "<<EOF", "EOF", "|", "&&", ";", "for i in ", "do ", "done", "if ", "fi", "case ", "esac", "sh -c ",
     "eval ", "${A[@]}", "A=(", "$'", "#", "+=", "f() {"]
)  # fmt: skip
_SCRIPTS = st.one_of(st.text(), st.lists(_PARTS, max_size=25).map("".join)).map(
    "docker pull a:1 ; docker run ".__add__
)


@settings(max_examples=300, deadline=None)
@given(_SCRIPTS)
def test_pieces_stand_where_they_say(script):
    for item in candidates(script):
        assert 0 <= item.start < len(script)
        for run in item.value.runs:
            assert run.start < 0 or script[run.start : run.start + len(run.text)] == run.text


@settings(max_examples=100, deadline=None)
@given(_SCRIPTS)
def test_a_script_of_many_runs_reads_as_one(script):
    runs = Text(tuple(Run(line, offset) for offset, line in _lines(script)))
    assert _seen(runs) == _seen(Text.at(0, script))


def _seen(script: Text) -> list[tuple[Text, int, str, str]]:
    return [(Text.join([item.value]), item.start, item.spelled, item.problem) for item in images(script, "p")]


def _lines(script: str) -> list[tuple[int, str]]:
    offset, found = 0, []
    for line in script.splitlines(keepends=True):
        found.append((offset, line))
        offset += len(line)
    return found


def test_endless_line_is_told_and_not_parsed():
    (found,) = images(Text.at(0, "docker run " + "|" * 300_000), "run.sh")
    assert "too long" in found.problem


def test_what_an_image_is_read_from_does_not_make_it_an_option():
    script = "I=$(grep -oP '(?<=^FROM )\\S*' D)\ndocker run --rm \"$I\" registry check\n"
    found = extracted("shell", f"#!/bin/sh\n{script}", "x.sh")
    assert (found.pulled, [text for text, _ in found.unresolved]) == ([], ["$I"])


def test_lines_below_a_mistake_are_no_part_of_a_command():
    script = "if [ \"$a\" '<' \"$b\" ]; then\n  docker pull x:1 || docker pull y:1\n  echo 'none yet'\n  fi\n"
    assert pulled(script) == ["x:1", "y:1"]


@pytest.mark.parametrize(
    "image",
    [
        "$R/web:$T-alpine",
        "$R/web:v$T-alpine",
        "$A.dkr.ecr.$R.amazonaws.com/web:$T",
        "$A.dkr.ecr.$R.amazonaws.com/$N:$T-$P.x",
        "$R/web:$T+1",
        "x/$R/web:v$T,c",
        "$R/$N/web",
    ],
)
def test_word_goes_on_after_a_variable_whatever_follows_it(image):
    assert [spelled for spelled, _ in unresolved(f"docker run {image} x")] == [image]


def test_variables_within_a_word_are_filled_in():
    assert pulled("R=reg.io; T=1.2; docker run $R/web:v$T-alpine x") == ["reg.io/web:v1.2-alpine"]
