"""The declared work: tables, strategies, indicators, and the regions that a run asks for."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from flows.settings import Scope, Settings, SettingsError
from sources import declarations as source_declarations
from sources.declarations import TableDeclaration
from sources.selection import Regions
from transforms import corrections, declarations, followup
from transforms.corrections import Correction
from transforms.declarations import Indicator, Strategy
from transforms.followup import FollowUp

ROOT = Path(__file__).resolve().parent.parent
LOCAL = {"data_dir", "build_dir", "contact", "table_threads"}
"""Settings that say where and how fast, not what."""
PACKAGES = ("flows", "sources", "warehouse", "transforms", "expectations", "reports")


@dataclass(frozen=True)
class Project:
    """Everything that is declared in files; `held` says why an indicator is held back whatever its figures are."""

    tables: dict[str, TableDeclaration]
    strategies: list[Strategy]
    indicators: dict[str, Indicator]
    corrections: tuple[Correction, ...] = ()
    follow_up: FollowUp = field(default_factory=FollowUp)
    held: Mapping[str, str] = field(default_factory=dict)

    def tables_of(self, indicators: tuple[str, ...]) -> tuple[str, ...]:
        """The ids of the tables that the indicators read."""
        read = {table for one in indicators for table in declarations.tables(self.indicators[one])}
        return tuple(table for table in self.tables if table in read)


def load(root: Path = ROOT) -> Project:
    """The declared work of a checkout.

    Raises:
        DeclarationError: of sources or transforms, on the first file that cannot be used.
    """
    tables = source_declarations.load_tables(root / "sources" / "tables")
    left_out: list[tuple[str, str]] = []
    strategies = declarations.load_strategies(root / "transforms" / "strategy", left_out)
    goals = declarations.goal_ids(strategies)
    held: dict[str, str] = {}
    indicators = declarations.load_indicators(root / "transforms" / "indicators", goals, held)
    declarations.check_targets(indicators.values(), strategies)
    for indicator in indicators.values():
        for table in declarations.tables(indicator):
            if table not in tables:
                near = get_close_matches(table.upper(), tables, n=1) or get_close_matches(table, tables, n=1, cutoff=0)
                raise declarations.DeclarationError(
                    f"{indicator.path.name}: reads staged.{table}, which sources/tables/ does not declare; "
                    f"closest: {', '.join(near)}"
                )
    variables = {table_id: tuple(table.variables) for table_id, table in tables.items()}
    known_errors = corrections.load_corrections(root / "transforms" / "corrections.yml", variables)
    listed = declarations.read_text(root / "transforms" / "reference" / "regions.csv")
    today = [row["region_code"] for row in csv.DictReader(listed.splitlines()) if not row["valid_to"]]
    strategies, plan = followup.load(root / "transforms" / "strategy", strategies, indicators, today, told=left_out)
    return Project(tables, strategies, indicators, known_errors, plan, held)


def indicator(name: str, root: Path = ROOT) -> Indicator | None:
    """One declared indicator, whatever the other files are like; null where no file has that name.

    Raises:
        DeclarationError: its file cannot be used.
    """
    path = root / "transforms" / "indicators" / f"{name}.sql"
    return declarations.load_indicator(path) if path in path.parent.glob("*.sql") else None


def regions(settings: Settings, scope: Scope, root: Path = ROOT) -> Regions:
    """The regions of a run: riket, the counties, and the home county's kommuner, or all of them when national.

    Raises:
        SettingsError: the home region or a comparison region is not a region of today.
    """
    listed = declarations.read_text(root / "transforms" / "reference" / "regions.csv")
    today = [row for row in csv.DictReader(listed.splitlines()) if not row["valid_to"]]
    names = {row["region_code"]: row["name"] for row in today}
    counties = [row["region_code"] for row in today if row["type"] == "county"]
    if settings.home_region not in counties:
        raise SettingsError(
            f"setting home_region: {settings.home_region!r} is no county; allowed: "
            + ", ".join(f"{code} {names[code]}" for code in counties)
        )
    for code in settings.comparison_regions:
        if code not in names:
            near = get_close_matches(code, names, n=1) or ["00"]
            raise SettingsError(
                f"setting comparison_regions: {code!r} is no region; closest: {near[0]} {names[near[0]]}"
            )
    kommuner = [row for row in today if row["type"] == "municipality"]
    home = [row["region_code"] for row in kommuner if row["county_code"] == settings.home_region]
    shown = [code for code in settings.comparison_regions if code in {row["region_code"] for row in kommuner}]
    national = scope == "national"
    levels = {
        "country": [row["region_code"] for row in today if row["type"] == "country"],
        "county": counties,
        "municipality": [row["region_code"] for row in kommuner] if national else [*home, *shown],
    }
    return Regions(levels, home, national)


def fingerprint(settings: Settings, root: Path = ROOT, *, demo: bool = False) -> str:
    """A hash of everything but the data that decides what is published: our files and the settings.

    The embedded server decides synthetic figures only, so its files count where the run is a demo.
    """
    digest = hashlib.sha256(settings.model_dump_json(exclude=LOCAL).encode())
    for package in PACKAGES:
        digest.update(_files_hash(root, package, () if demo else ("sources/demo/",)))
    return digest.hexdigest()[:16]


def code_hash(root: Path = ROOT) -> str:
    """A hash of all files of our packages, those of the embedded server apart."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(_files_hash(root, package, ("sources/demo/",)))
    return digest.hexdigest()


def generator_hash(root: Path = ROOT) -> str:
    """A hash of what makes the synthetic figures: another one means other figures under equal dates."""
    return _files_hash(root, "sources/demo", ()).hex()[:16]


def _files_hash(root: Path, folder: str, without: tuple[str, ...]) -> bytes:
    digest = hashlib.sha256()
    for file in sorted((root / folder).rglob("*")):
        name = file.relative_to(root).as_posix()
        if file.is_file() and "__pycache__" not in name and not name.startswith(without):
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.digest()
