"""What a release is built with: our code, the lock, Python and the libraries."""

import hashlib
import importlib.metadata
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

from flows import project as projects

LOCK = "requirements-dev.lock"


def describe(root: Path = projects.ROOT) -> dict[str, Any]:
    """Code, lock, Python and libraries as they are now."""
    lock = root / LOCK
    return {
        "code": code(root),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else None,
        "python": platform.python_version(),
        "libraries": libraries(),
    }


def code(root: Path = projects.ROOT) -> dict[str, Any]:
    """The commit, whether anything stands there that is not committed, and a hash of our files.

    Commit and `dirty` are null where the checkout is none of git.
    """
    commit = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "status", "--porcelain")
    return {
        "commit": commit,
        "dirty": None if changed is None else bool(changed),
        "sha256": projects.code_hash(root),
    }


def libraries() -> dict[str, str]:
    """The installed version of every library that jamstat needs, and of those that they need."""
    found: dict[str, str] = {}
    waiting = ["jamstat"]
    while waiting:
        try:
            one = importlib.metadata.distribution(waiting.pop())
        except importlib.metadata.PackageNotFoundError:  # needed on other systems only
            continue
        name = _plain(one.metadata["Name"])
        if name not in found:
            found[name] = one.version
            needed = [text for text in one.requires or () if "extra ==" not in text]
            waiting += [re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0] for text in needed]
    found.pop("jamstat", None)
    return dict(sorted(found.items()))


def differences(made_with: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """A line for each thing that a release was built with and that is another now."""
    before, after = made_with["libraries"], now["libraries"]
    lines = [
        f"{name}: the release was built with {before.get(name) or 'none'}, here is {after.get(name) or 'none'}; "
        "a difference may come from that; install the release's version"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    if made_with["python"] != now["python"]:
        lines.append(f"Python: the release was built with {made_with['python']}, here is {now['python']}")
    if made_with["code"]["sha256"] != now["code"]["sha256"]:
        commit = made_with["code"]["commit"] or "unknown"
        lines.append(f"code: the release was built with other files than these; check out commit {commit}")
    return lines


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
