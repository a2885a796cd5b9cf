"""What made the figures, apart from the data: code, lock, settings, Python and libraries."""

import hashlib
import platform
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

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
    packages: tuple[tuple[str, str], ...]


def now(settings: Settings, root: Path = projects.ROOT) -> Software:
    """The software that would build the figures now."""
    commit, dirty = _git(root)
    lock = root / LOCK
    return Software(
        commit,
        dirty,
        projects.code_hash(root),
        hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else None,
        hashlib.sha256(settings.model_dump_json(exclude=projects.LOCAL).encode()).hexdigest(),
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
        _packages(),
    )


def _git(root: Path) -> tuple[str | None, bool | None]:
    """The commit, and whether files differ from it; nulls outside a repository whose root this is."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)  # noqa: S603
        return done.stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != root.resolve():
            return None, None
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except (OSError, subprocess.SubprocessError):
        return None, None


@cache
def _packages() -> tuple[tuple[str, str], ...]:
    """The libraries that the project names, with the versions installed."""
    required = [one for one in metadata.requires("jamstat") or () if "extra ==" not in one]
    names = sorted(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0] for one in required)
    return tuple((name, metadata.version(name)) for name in names)
