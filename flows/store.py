"""What a run leaves for the next one: last good figures, history, and what was published."""

import datetime as dt
import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from transforms.build import COLUMNS
from transforms.changes import DEFINING
from warehouse import history

MOST_RUNS = 10
"""How many runs the history of a check shows."""
COMMITTED_LOCK = Path(__file__).resolve().parent.parent / "sources" / "tables" / "resolved.lock"


@dataclass(frozen=True)
class Paths:
    """The folders and files of one origin; figures are compared within one scope only."""

    data: Path
    scope_key: str

    @property
    def lock(self) -> Path:
        """Held by the one run that may write here."""
        return self.data / "lock"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file: disposable, replaced whole."""
        return self.data / "warehouse.duckdb"

    @property
    def history(self) -> Path:
        """Append-only Parquet, one file per run and kind."""
        return self.data / "history"

    @property
    def last_good(self) -> Path:
        """The figures of each indicator as last published in this scope."""
        return self.data / "last_good" / self.scope_key

    def events(self, run_id: str) -> Path:
        """What the run did, as OpenLineage events."""
        return self.history / "openlineage" / f"{run_id}.ndjson"

    def figures(self, indicator: str, run_id: str) -> Path:
        """The figures of an indicator as that run published them."""
        return self.last_good / f"{indicator}.{run_id}.parquet"

    def words(self, run_id: str) -> Path:
        """What the source said of its tables when that run published."""
        return self.last_good / f"words.{run_id}.parquet"

    def engine(self, run_id: str) -> Path:
        """The whole results of Great Expectations in that run."""
        return self.history / "great_expectations" / f"{run_id}.json.gz"

    @property
    def quality(self) -> Path:
        """What each rule came to in the last runs of this scope; a run reads this file, never all of history."""
        return self.data / "quality" / f"{self.scope_key}.parquet"

    @property
    def resolved_lock(self) -> Path:
        """Codes found by label: committed for SCB, beside the data for every other origin."""
        return COMMITTED_LOCK if self.data.name == "scb" else self.data / "resolved.lock"

    def locked_codes(self, table_id: str) -> dict[str, dict[str, str]]:
        """Codes found by label in earlier runs, per variable and name."""
        if not self.resolved_lock.exists():
            return {}
        known = yaml.safe_load(self.resolved_lock.read_text(encoding="utf-8")) or {}
        return dict(known.get(table_id, {}))

    def locked_id(self, table_id: str) -> str | None:
        """The source's id of a table that was found in its catalogue in an earlier run."""
        return self.locked_codes(table_id).get("table", {}).get("id")

    def generator(self) -> str | None:
        """What made the synthetic figures of the last published demo run."""
        path = self.data / "generator"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def last_published(self) -> dict[str, Any] | None:
        """The last published run of this scope: run_id, fingerprint, release, published_at."""
        path = self.last_good / "run.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def sweep(self) -> None:
        """Nothing; what a run left that was killed or could not publish is gone. Only for whoever holds the lock."""
        kept = {self.figures(indicator, publication["run_id"]) for indicator, publication in self.known().items()}
        if last := self.last_published():
            kept.add(self.words(last.get("run_id", "")))
        unfinished = [*self.data.glob(f".{self.warehouse.name}.*"), *self.data.glob("raw/**/.*")]
        for file in (*unfinished, *self.last_good.glob(".*"), *(set(self.last_good.glob("*.parquet")) - kept)):
            file.unlink(missing_ok=True)

    def known(self) -> dict[str, dict[str, Any]]:
        """For each indicator with last good figures: run and time of publication, and when its tables were received."""
        path = self.last_good / "indicators.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def remember_previous(con: duckdb.DuckDBPyConnection, paths: Paths, accepted: Collection[str] = ()) -> None:
    """Nothing; previous.* describe the last published run of this scope, for the checks to compare with.

    Accepted indicators are not compared: a person has found that less of them than before is right.
    """
    for indicator, publication in paths.known().items():
        if indicator in accepted:
            continue
        figures = f"read_parquet('{paths.figures(indicator, publication['run_id'])}')"
        con.execute(
            f"insert into previous.observation select ?, {', '.join(COLUMNS)} from {figures}",
            [indicator],
        )
        con.execute(
            f"""
            insert into previous.indicator
            select ?, count(*), count(value), count(distinct region_code),
                min(o.period) filter (where value is not null), max(o.period) filter (where value is not null), ?, ?
            from {figures} as o
            """,
            [indicator, publication["run_id"], publication["published_at"]],
        )
    last = paths.last_published()
    for table_id, updated in (last or {}).get("updated", {}).items():
        con.execute("insert into previous.source_table values (?, ?)", [table_id, updated])
    if last and (words := paths.words(last.get("run_id", ""))).exists():
        con.execute(
            f"""insert into previous.source_word select * from read_parquet('{words}') where table_id not in (
                select table_id from reference.indicator_table where list_contains(?, indicator))""",
            [list(accepted)],
        )


def remember_follow_up(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Nothing; previous.challenge holds the cited cells as first met, previous.event the calendar as last published."""
    # Of every run's files only those that few runs leave: the view looks into each of them.
    history.attach(con, paths.history, ("challenge", "event"))
    if history.has(con, "challenge"):
        con.execute("insert into previous.challenge by name select * exclude (history_run) from history_challenge")
    if history.has(con, "event"):
        con.execute("""
            insert into previous.event by name
            select * exclude (history_run) from history_event
            qualify row_number() over (partition by uid order by history_run desc) = 1
        """)


MOST_VINTAGES = 400
"""How many runs that changed figures are read; of older ones only what they left in a later run's difference."""
VINTAGE = ("indicator", "region_code", "partner_code", "period", "sex", "category", "series", "value", "status",
           "reason", "is_preliminary")  # fmt: skip


def remember_vintages(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str) -> None:
    """Nothing; previous.vintage holds each figure of the home region as first published and as it changed since.

    Of its kommuner and riket only the figures that have changed; of relations none. The figures that this run changes
    stand in the temporary table changed_figure.
    """
    con.execute(f"create or replace temp table changed_figure as {_changed_figures(paths)}")
    files = sorted((paths.history / "vintage").glob("*.parquet"))[-MOST_VINTAGES:]
    columns = ", ".join(VINTAGE)
    earlier = f"select history_run, {columns} from read_parquet({[str(file) for file in files]}, union_by_name = true)"
    con.execute(f"""
        insert into previous.vintage
        with published as (
            {f"{earlier} union all" if files else ""}
            select '{run_id}' as history_run, {columns} from changed_figure
        ),
        near as (
            select p.*, r.region_code = w.home_region as is_home,
                lag(p.history_run) over key as before_run, lag(p.value) over key as before_value,
                lag(p.status) over key as before_status
            from published as p
            join reference.region as r using (region_code)
            cross join provenance.run as w
            where p.partner_code is null and (w.home_region in (r.region_code, r.county_code) or r.region_code = '00')
            window key as (
                partition by p.indicator, p.region_code, p.partner_code, p.period, p.sex, p.category, p.series
                order by p.history_run
            )
        ),
        changed as (
            -- Runs of other scopes may publish a figure anew that has not changed.
            select * from near
            where before_run is null or value is distinct from before_value or status is distinct from before_status
        )
        select history_run, {columns} from changed
        qualify is_home or count(*) over (
            partition by indicator, region_code, partner_code, period, sex, category, series
        ) > 1
        order by indicator, region_code, period, sex, category, series, history_run
    """)


def remember_definitions(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str) -> None:
    """Nothing; previous.definition holds what each run said anew of what its indicators and tables are.

    What this run says anew stands in the temporary table changed_definition too.
    """
    history.attach(con, paths.history, ("definition",))
    if history.has(con, "definition"):
        con.execute("insert into previous.definition by name from history_definition")
    con.execute(f"create or replace temp table changed_definition as {_CHANGED_DEFINITIONS}")
    con.execute("insert into previous.definition select ?, * from changed_definition", [run_id])


def hold_back(
    con: duckdb.DuckDBPyConnection, paths: Paths, indicator: str, reason: str, *, only_if_known: bool = False
) -> bool:
    """Whether the indicator now shows its last good figures (or none, where there never were any)."""
    publication = paths.known().get(indicator)
    if publication is None and only_if_known:
        return False
    con.execute(f"delete from indicators.{indicator}")
    if publication:
        con.execute(
            f"insert into indicators.{indicator} select {', '.join(COLUMNS)} "
            f"from read_parquet('{paths.figures(indicator, publication['run_id'])}')"
        )
        for table_id, received in publication["received"].items():
            con.execute("insert into provenance.held_back_source values (?, ?, ?)", [indicator, table_id, received])
    con.execute(
        "insert into provenance.indicator_state values (?, 'held_back', ?, ?, ?)",
        [indicator, reason, publication and publication["run_id"], publication and publication["published_at"]],
    )
    return True


def record_checks(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str) -> None:
    """Nothing; the run's fetches and checks are in history, whether it will be published or not."""
    history.append(con, paths.history, "fetch", run_id, "select * from provenance.fetch")
    history.append(con, paths.history, "check", run_id, "select * from checks.result")
    history.append(con, paths.history, "failing_cell", run_id, "select * from checks.failing_cell")
    history.append(con, paths.history, "skipped", run_id, "select * from checks.skipped")
    history.append(con, paths.history, "quality", run_id, _SUMMARY)
    remember_quality(con, paths)


def remember_quality(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Nothing; checks.history holds this run and the ones before it, and the file of the scope does too.

    The file has a bounded number of runs, so that the work of a run is the same after ten runs as after a thousand.
    """
    con.execute(f"insert into checks.history {_SUMMARY}")
    if paths.quality.exists():
        con.execute(
            f"""insert into checks.history select * from read_parquet('{paths.quality}')
                where run_id in (select distinct run_id from read_parquet('{paths.quality}')
                    where run_id <> (select run_id from provenance.run) order by run_id desc limit {MOST_RUNS - 1})"""
        )
    paths.quality.parent.mkdir(parents=True, exist_ok=True)
    beside = paths.quality.with_name(f".{paths.quality.name}")
    try:
        con.execute(f"copy (from checks.history order by run_id, rule) to '{beside}' (format parquet)")
        beside.replace(paths.quality)
    finally:
        beside.unlink(missing_ok=True)


def restore_drift(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Nothing; a run over these paths compares with the words and the history that the warehouse's own run met.

    Args:
        con: the warehouse of the run that is to be made again.
        paths: an empty data folder, with the last publication already restored to it.
    """
    last = paths.last_published() or {}
    words, history_of = paths.words(last.get("run_id", "")), paths.quality
    for path, query in (
        (words, "from previous.source_word"),
        (history_of, "from checks.history where run_id <> (select run_id from provenance.run) order by run_id, rule"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        con.execute(f"copy ({query}) to '{path}' (format parquet)")


def record_engine(paths: Paths, run_id: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Nothing; what Great Expectations found stands whole in history, as it writes it, one compressed file a run."""
    path = paths.engine(run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    try:
        plain = json.dumps(results, ensure_ascii=False, default=lambda value: getattr(value, "item", value.__str__)())
        beside.write_bytes(gzip.compress(plain.encode(), compresslevel=1, mtime=0))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def record_failure(paths: Paths, run_id: str, error: BaseException) -> None:
    """Nothing; history says that the run published nothing, and why, instead of what it would have published."""
    words = (" ".join(str(error).split()) or type(error).__name__).replace("'", "''")
    for kind in ("vintage", "definition", "challenge", "event"):
        (paths.history / kind / f"{run_id}.parquet").unlink(missing_ok=True)
    row = f"select '{run_id}' as run_id, 'failed' as state, '{words}' as reason"
    with duckdb.connect() as con:
        history.append(con, paths.history, "run", run_id, row)


def record_run(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str, fingerprint: str) -> None:
    """Nothing; the run, its software, its indicators and the figures that it changes are in history."""
    history.append(
        con,
        paths.history,
        "run",
        run_id,
        f"""
        select r.*, '{paths.scope_key}' as scope_key, '{fingerprint}' as fingerprint, w.* exclude (run_id),
            s.indicator, s.state, s.reason, s.run_id as shown_run_id, o.rows, q.sha256 as formula_sha256
        from provenance.run as r
        left join provenance.software as w using (run_id)
        cross join provenance.indicator_state as s
        left join provenance.query as q on q.output = 'indicators.' || s.indicator
        left join (select indicator, count(*) as rows from indicators.observation group by all) as o using (indicator)
        """,
    )
    for kind, query in (
        ("vintage", "from changed_figure"),
        ("definition", "from changed_definition"),
        ("challenge", _NEW_CITES.format(run_id=run_id)),
        ("event", _CHANGED_EVENTS),
    ):
        if con.execute(f"select 1 from ({query}) limit 1").fetchall():
            history.append(con, paths.history, kind, run_id, query)


# A rule that no subject was held against has a row of noughts, so that its absence shows.
_SUMMARY = """
select
    (select run_id from provenance.run) as run_id,
    (select strftime(started_at at time zone 'Europe/Stockholm', '%Y-%m-%d') from provenance.run) as day, k.rule,
    count(r.rule) filter (where r.success) as passed,
    count(r.rule) filter (where not r.success and r.severity = 'warning') as warnings,
    count(r.rule) filter (where not r.success and r.severity = 'critical') as failed,
    (select count(*) from checks.skipped as s where s.rule = k.rule) as skipped,
    (select count(*) from checks.failing_cell as f where f.rule = k.rule) as cells
from checks.rule as k
left join checks.result as r using (rule)
group by k.rule
"""
_NEW_CITES = """
select distinct on (challenge, day, indicator, region_code, asked, category)
    challenge, day, indicator, region_code, asked as period, category, now_period as then_period, now_women as women,
    now_men as men, now_total as total, now_diff as diff, now_band as band, '{run_id}' as run_id
from analysis.challenge
where not noted and problem is null
"""
# The fields are those by which releases are told apart (transforms.changes); the formula holds the denominator too.
# Of a table only what bears on how its figures are read; a note is known by its words.
_CHANGED_DEFINITIONS = f"""
with stands as (
    select 'indicator' as subject, indicator as id, field, null as part, text
    from (
        select indicator, {", ".join(f"cast({name} as varchar) as {name}" for name in DEFINING if name != "tables")},
            (select string_agg(table_id, ', ' order by table_id) from reference.indicator_table as t
                where t.indicator = i.indicator) as tables,
            (select sha256 from provenance.query where output = 'indicators.' || i.indicator) as formula
        from reference.indicator as i
    )
    unpivot (text for field in ({", ".join(DEFINING)}, formula))
    union all
    select 'table', table_id, kind, concat_ws('.', variable, code), text
    from reference.source_word
    where kind in ('title', 'discontinued', 'note', 'unit')
    union all
    select 'table', table_id, 'break', break_id, period || ': ' || what from reference.source_break
),
stood as (
    select subject, id, field, part, text
    from previous.definition
    qualify row_number() over (partition by subject, id, field, part order by history_run desc) = 1
)
select subject, id, field, part, text
from (
    select coalesce(n.subject, o.subject) as subject, coalesce(n.id, o.id) as id, coalesce(n.field, o.field) as field,
        coalesce(n.part, o.part) as part, n.text, o.text as before
    from stands as n
    full join stood as o
        on n.subject = o.subject and n.id = o.id and n.field = o.field and n.part is not distinct from o.part
)
-- Of a table that was not read nothing is known, so that nothing of it is gone.
where text is distinct from before and (
    text is not null or subject = 'indicator' or field = 'break' or id in (select table_id from reference.source_word)
)
order by all
"""
_CHANGED_EVENTS = """
select uid, kind, title, due, role, content, sequence, modified, cancelled
from analysis.calendar
except
select uid, kind, title, due, role, content, sequence, modified, cancelled from previous.event
"""


def _changed_figures(paths: Paths) -> str:
    """The rows of published indicators that are new or differ from the last good ones."""
    rows = f"select indicator, {', '.join(COLUMNS)} from indicators.observation"
    published = (
        f"{rows} where indicator in (select indicator from provenance.indicator_state where state = 'published')"
    )
    last_good = [
        f"select '{indicator}', {', '.join(COLUMNS)} from read_parquet('{paths.figures(indicator, known['run_id'])}')"
        for indicator, known in paths.known().items()
    ]
    return f"{published} except ({' union all '.join(last_good)})" if last_good else published


@dataclass(frozen=True)
class LastGood:
    """What a run will leave once it is published.

    indicators: those with figures of its own, with the time when each of their tables was received.
    updated: the tables' own time stamps.
    """

    indicators: dict[str, dict[str, str]]
    updated: dict[str, str]


def write_last_good(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str) -> LastGood:
    """What `keep_last_good` makes valid: the figures lie beside the last good ones, whose place they do not take.

    Raises:
        OSError, duckdb.IOException: the disk is full or not writable.
    """
    paths.last_good.mkdir(parents=True, exist_ok=True)
    published = con.execute("select indicator from provenance.indicator_state where state = 'published'").fetchall()
    for (indicator,) in published:
        path = paths.figures(indicator, run_id)
        con.execute(f"copy (select * from indicators.{indicator}) to '{path}' (format parquet)")
    # Of a table that holds something back, what was said when it was last published is what later runs compare with.
    con.execute(f"""
        copy (
            with kept as (
                select table_id from previous.source_word
                where table_id not in (select table_id from reference.source_word) or table_id in (
                    select table_id from reference.indicator_table join provenance.indicator_state using (indicator)
                    where state = 'held_back')
            )
            from previous.source_word where table_id in (from kept)
            union all
            from reference.source_word where table_id not in (from kept)
        ) to '{paths.words(run_id)}' (format parquet)""")
    updated = con.execute("select table_id, updated from reference.source_table where updated is not null").fetchall()
    received = con.execute("""
        select indicator, table_id, max(received_at)
        from reference.indicator_table join provenance.fetch using (table_id) group by all
    """).fetchall()
    by_indicator: dict[str, dict[str, str]] = {indicator: {} for (indicator,) in published}
    for indicator, table_id, time in received:
        by_indicator.get(indicator, {})[table_id] = time.isoformat()
    return LastGood(by_indicator, dict(updated))


def keep_last_good(paths: Paths, left: LastGood, run_id: str, fingerprint: str, release: Path) -> None:
    """Nothing; what was just published is what a later run falls back on."""
    now = dt.datetime.now(dt.UTC).isoformat()
    known = paths.known() | {
        indicator: {"run_id": run_id, "published_at": now, "received": received}
        for indicator, received in left.indicators.items()
    }
    last = {
        "run_id": run_id,
        "fingerprint": fingerprint,
        "release": str(release.resolve()),
        "published_at": now,
        "updated": (paths.last_published() or {}).get("updated", {}) | left.updated,
    }
    for name, content in (("indicators.json", known), ("run.json", last)):
        replace_text(paths.last_good / name, json.dumps(content, ensure_ascii=False, indent=1))


def replace_text(path: Path, text: str) -> None:
    """Nothing; the file has this text, or what it had before when the disk is full."""
    beside = path.with_name(f".{path.name}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
