"""git repositories for tests."""

import subprocess


def git(root, *arguments):
    """Run git as somebody, and return what it prints."""
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    command = ["git", *identity, "-c", "protocol.file.allow=always", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def write(root, **files):
    """Write files; `__` in a name is a slash."""
    for name, content in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def committed(root, **files):
    """Make a repository of files, or a commit more in one, and return the commit."""
    write(root, **files)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "change")
    return git(root, "rev-parse", "HEAD")
