"""What made the figures, apart from the data: of runs and releases alike: code, lock, settings, libraries."""

import hashlib
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from flows import project as projects
from flows.settings import Settings

LOCK = "requirements-dev.lock"


@dataclass(frozen=True)
class Software:
    """The code as it is now; `git_commit` and `dirty` are null where it lies in no repository of its own."""

    git_commit: str | None
    dirty: bool | None
    code_sha256: str
    lock_sha256: str | None
    configuration_sha256: str
    python: str
    platform: str
    packages: Mapping[str, str]

    @classmethod
    def told(cls, document: Mapping[str, Any]) -> "Software":
        """The software that a manifest tells of; null for what its jamstat did not tell."""
        told: dict[str, Any] = {one.name: document.get(one.name) for one in fields(cls)}
        return cls(**told | {"packages": document["packages"]})


def now(settings: Settings, root: Path = projects.ROOT) -> Software:
    """The software that would build the figures now."""
    commit, dirty = git(root)
    lock = root / LOCK
    return Software(
        commit,
        dirty,
        projects.code_hash(root),
        hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else None,
        hashlib.sha256(settings.model_dump_json(exclude=projects.LOCAL).encode()).hexdigest(),
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
        packages(),
    )


def git(root: Path) -> tuple[str | None, bool | None]:
    """The commit, and whether files differ from it; nulls outside a repository whose root this is."""

    def ask(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)  # noqa: S603
        return done.stdout.strip()

    try:
        if Path(ask("rev-parse", "--show-toplevel")).resolve() != root.resolve():
            return None, None
        return ask("rev-parse", "HEAD"), bool(ask("status", "--porcelain"))
    except (OSError, subprocess.SubprocessError):
        return None, None


@cache
def packages() -> Mapping[str, str]:
    """The installed version of every library that jamstat needs, and of those that they need."""
    found: dict[str, str] = {}
    waiting = ["jamstat"]
    while waiting:
        try:
            one = metadata.distribution(waiting.pop())
        except metadata.PackageNotFoundError:  # needed on other systems only
            continue
        name = re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()
        if name not in found:
            found[name] = one.version
            needed = [text for text in one.requires or () if "extra ==" not in text]
            waiting += [re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0] for text in needed]
    found.pop("jamstat", None)
    return dict(sorted(found.items()))


def differences(made_with: Software, here: Software) -> list[str]:
    """A line for each thing that a release was built with and that is another here."""
    lines = [
        f"{name}: the release was built with {made_with.packages.get(name) or 'none'}, here is "
        f"{here.packages.get(name) or 'none'}; a difference may come from that; install the release's version"
        for name in sorted(made_with.packages.keys() | here.packages.keys())
        if made_with.packages.get(name) != here.packages.get(name)
    ]
    for what, before, after in (
        ("Python", made_with.python, here.python),
        ("platform", made_with.platform, here.platform),
    ):
        if before != after:
            lines.append(f"{what}: the release was built with {before}, here is {after}")
    if made_with.lock_sha256 != here.lock_sha256:
        lines.append(f"{LOCK}: the release was built with another one than this")
    if made_with.code_sha256 != here.code_sha256:
        commit = made_with.git_commit or "unknown"
        lines.append(f"code: the release was built with other files than these; check out commit {commit}")
    return lines
