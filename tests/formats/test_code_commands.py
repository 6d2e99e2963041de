"""Commands that programs start: arguments side by side, command lines in strings, and what is no command."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

NGINX = ["docker.io/library/nginx:1"]


def found(text, path="a.py"):
    return extracted("code_commands", text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", 'exec.Command("docker", "run", "--rm", "-v", dir+":/w", "nginx:1", "ls").Run()'),
        ("a.go", 'exec.CommandContext(ctx, "/usr/bin/docker", "pull", "nginx:1")'),
        ("a.go", 'exec.Command("sh", "-c", "docker pull nginx:1")'),
        ("a.go", 'exec.Command("bash", "-c", fmt.Sprintf("docker pull %s", "nginx:1"))'),
        ("a.go", 'args := []string{"docker", "run", "nginx:1"}'),
        ("a.go", 'image := "nginx:1"\nexec.Command("kubectl", "run", "x", "--image", image)'),
        ("a.py", 'subprocess.run(["docker", "run", "-p", f"{port}:80", "nginx:1"], check=True)'),
        ("a.py", 'subprocess.check_call("docker pull nginx:1", shell=True)'),
        ("a.py", 'os.system(f"docker run -v {data}:/data nginx:1 ls")'),
        ("a.py", 'cmd = ["sudo", "podman", "pull", "nginx:1"]'),
        ("a.py", 'run("""\nset -e\ndocker pull nginx:1\n""")'),
        ("a.ts", 'execSync("docker pull nginx:1")'),
        ("a.ts", 'spawn("docker", ["run", "--rm", "nginx:1"])'),
        ("a.ts", "await $`docker pull nginx:1`"),
        ("a.js", "exec.exec('docker', ['pull', 'nginx:1'])"),
        ("A.java", 'new ProcessBuilder("docker", "run", "nginx:1").start();'),
        ("A.java", 'Runtime.getRuntime().exec("docker pull nginx:1");'),
        ("A.java", 'List<String> c = Arrays.asList("docker", "pull", "nginx:1");'),
        ("A.cs", 'Process.Start("docker", "pull nginx:1");'),
        ("A.cs", 'new ProcessStartInfo { FileName = "docker", Arguments = "run nginx:1" };'),
        ("A.cs", 'Cli.Wrap("docker").WithArguments(new[] { "pull", "nginx:1" });'),
        ("a.rs", 'Command::new("docker").args(["run", "--rm", "nginx:1"]).status()'),
        ("a.rs", 'Command::new("docker").arg("pull").arg("nginx:1")'),
        ("a.rb", 'system("docker pull nginx:1")'),
        ("a.go", 'cmd := fmt.Sprintf("docker pull nginx:%d", 1)\nexec.Command("sh", "-c", cmd)'),
        ("a.py", 'cmd = "docker pull nginx:1"\nsubprocess.run(cmd, shell=True)'),
        ("a.php", "shell_exec('docker pull nginx:1');"),
        ("a.py", 'os.system("docker login && docker pull nginx:1")'),
        ("a.py", 'os.system("docker stop x; sudo docker pull nginx:1")'),
        ("a.py", 'os.system("docker login\\ndocker pull nginx:1")'),
        ("a.py", 'os.system("kubectl --context x run y --image nginx:1")'),
        ("a.py", 'os.system("kubectl --context " + x + " run y --image nginx:1")'),
        ("a.py", "os.system(\"docker logs 'x' && docker pull nginx:1\")"),
        ("A.cs", 'Process.Start("docker", "image pull nginx:1");'),
        ("a.go", 'exec.Command("docker", "--context", "x", "pull", "nginx:1")'),
        ("a.php", "$p = new Process(['docker', 'run', 'nginx:1']);"),
    ],
)
def test_command_that_is_started(path, text):
    assert found(text, path).pulled == NGINX


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'print("docker run nginx:1")'),
        ("a.py", 'raise RuntimeError("docker pull nginx:1 first")'),
        ("a.py", 'parser.add_argument("--x", help="docker run nginx:1")'),
        ("a.py", 'x = "docker run nginx:1"'),
        ("a.py", '# subprocess.run(["docker", "pull", "nginx:1"])'),
        ("a.py", 'subprocess.run(["docker", "logs", "nginx:1"])'),
        ("a.go", 't.Errorf("docker pull nginx:1 failed")'),
        ("a.go", 'assert.Equal(t, []string{"docker", "run", "nginx:1"}, got)'),
        ("a.go", 'exec.Command("docker", "pull", image)'),
        ("a.ts", 'expect(spy).toHaveBeenCalledWith("docker", ["pull", "nginx:1"])'),
        ("a.ts", 'it("docker run nginx:1 works", () => exec("true"))'),
        ("A.java", 'verify(exec).process(Arrays.asList("docker", "pull", "nginx:1"));'),
    ],
)
def test_what_starts_nothing_is_no_command(path, text):
    assert found(text, path).found == []


def test_version_that_is_not_known_is_told():
    [(text, _)] = found('os.system(f"docker pull nginx:{version}")').unresolved
    assert text == "nginx:{version}"


def test_name_that_is_built_is_an_output():
    assert found('subprocess.run(["docker", "build", "-t", "shop/web:1", "."])').outputs == [
        "docker.io/shop/web:1"
    ]


def test_what_a_test_builds_is_not_told_and_what_it_runs_is_its_own():
    text = 'exec.Command("docker", "build", "-t", "x:1")\nexec.Command("docker", "run", "nginx:1")'
    assert found(text, "a_test.go").roles == [("docker.io/library/nginx:1", "test")]


@pytest.mark.parametrize(("image", "found"), [("alpine", True), ("my-app", False), ("shop/app", True)])
def test_bare_name_that_a_test_runs_is_an_official_image(image, found):
    text = f'exec.Command("docker", "run", "{image}")'
    assert bool(extracted("code_commands", text, "a_test.go").pulled) is found


def test_command_is_a_guess():
    [occurrence] = found('os.system("docker pull nginx:1")').occurrences
    assert occurrence.confidence.value == "heuristic"


TOKENS = st.lists(
    st.sampled_from(
        ['"docker"', '"docker pull a:1"', ", ", "run(", "[", "]", ")", "{", "}", "f'docker run {x}'", '"run"',
         ".args(", "FileName = ", "\n", '"', "`", "$", "x"]
    ),
    max_size=20,
)  # fmt: skip


@given(TOKENS, st.sampled_from(["a.py", "a.go", "a.ts", "A.cs", "a.php"]))
def test_any_text_can_be_read(tokens, path):
    found("".join(tokens), path)
