-- Every table that is not made by a staging, indicator or analysis query.
create schema raw;
create schema staged;
create schema indicators;
create schema analysis;
create schema checks;
create schema reference;
create schema provenance;
create schema previous;

create table reference.source_table (
    table_id varchar primary key, title varchar, v1 varchar, agency varchar, licence varchar, series varchar,
    cadence varchar, additivity varchar, preliminary varchar, certainty varchar,
    label varchar, updated varchar, state varchar, state_reason varchar, levels varchar[], source_id varchar,
    expected varchar
);
create table reference.source_code (
    table_id varchar, variable varchar, name varchar, code varchar, label varchar, unit varchar, decimals integer,
    certainty varchar
);
create table reference.source_sex (table_id varchar, variable varchar, code varchar, sex varchar);
-- parts: the contents whose periods the break parts; null: all of the table's. For others it is a flag.
create table reference.source_break (
    table_id varchar, break_id varchar, period varchar, what varchar, line boolean, parts varchar[]
);
create table reference.source_note (table_id varchar, variable varchar, note varchar, mandatory boolean);
-- What the source says of a table beside its figures, one text a row: the words that may drift.
create table reference.source_word (table_id varchar, kind varchar, variable varchar, code varchar, text varchar);
create table reference.correction (
    table_id varchar, cell ubigint, expect double, served double, value double, reason varchar, reporter varchar,
    reported date, status varchar, outcome varchar
);
create table reference.region (
    region_code varchar primary key, name varchar, type varchar, county_code varchar, valid_from date, valid_to date
);
create table reference.period (period varchar, type varchar, start_date date, end_date date, sort integer);
create table reference.indicator (
    indicator varchar primary key, title varchar, theme varchar, definition varchar, unit varchar, measure varchar,
    polarity varchar, period_type varchar, derived boolean, sort integer
);
create table reference.indicator_phrase (indicator varchar primary key, phrase varchar);
create table reference.indicator_trait (indicator varchar primary key, decimals integer, prices varchar);
create table reference.indicator_goal (indicator varchar, goal_id varchar);
-- The goals that an indicator measures itself, and those of its goals whose numeric target it measures.
create table reference.indicator_own_goal (indicator varchar, goal_id varchar);
create table reference.indicator_target (indicator varchar, goal_id varchar);
create table reference.indicator_month (indicator varchar primary key, month integer);
create table reference.indicator_table (indicator varchar, table_id varchar);
create table reference.indicator_measure (indicator varchar, measure varchar);
create table reference.indicator_operand (indicator varchar, operand varchar, series varchar, period varchar);
create table reference.indicator_dimension (
    indicator varchar, dimension varchar, code varchar, label varchar, sort integer
);

-- The follow-up: days are text, as written. then_*: the figure that the author wrote beside the words.
create table reference.challenge (
    challenge varchar primary key, title varchar, text varchar, goal_id varchar, author varchar, day varchar, example boolean,
    sort integer
);
create table reference.challenge_cite (
    challenge varchar, number integer, indicator varchar, region_code varchar, period varchar, category varchar,
    sex varchar, measure varchar, then_value double, then_band varchar, then_period varchar
);
create table reference.activity (
    slug varchar primary key, kind varchar, title varchar, due varchar, role varchar, done varchar, goals varchar[],
    example boolean, sort integer
);
create table reference.learning (
    slug varchar primary key, goal_id varchar, question varchar, resources varchar, activities varchar,
    results varchar, effects varchar, indicators varchar[], example boolean, sort integer
);
create table reference.audience (
    slug varchar primary key, name varchar, goals varchar[], example boolean, sort integer
);
create table reference.audience_item (
    audience varchar, slug varchar, kind varchar, what varchar, form varchar, moment varchar, due varchar,
    done varchar, sort integer
);
create table reference.goal_link (old_goal varchar, new_goal varchar, kind varchar, strategy_id varchar, sort integer);
create table reference.follow_up_problem (file varchar, message varchar, sort integer);

create table provenance.run (
    run_id varchar, origin varchar, origin_label varchar, organisation varchar, scope varchar, home_region varchar,
    comparison_regions varchar[], started_at timestamptz, finished_at timestamptz, version varchar, base_url varchar
);
create table provenance.fetch (
    fetch_number uinteger primary key, fetch_id varchar, table_id varchar, chunk integer, url varchar, request varchar,
    sha256 varchar, bytes bigint, cells bigint, requested_at timestamptz, received_at timestamptz, updated varchar,
    run_id varchar
);
create view provenance.raw_object as select distinct sha256, bytes from provenance.fetch;
-- What a fetch became: the cells of the answer, and those kept where selections overlap.
create table provenance.load (fetch_number uinteger primary key, output varchar, cells bigint, kept bigint);
-- The software of the run; git_commit and dirty are null where the code lies in no repository of its own.
create table provenance.software (
    run_id varchar, git_commit varchar, dirty boolean, code_sha256 varchar, lock_sha256 varchar,
    configuration_sha256 varchar, python varchar, platform varchar
);
create table provenance.package (name varchar, version varchar);
-- Every query that makes a table; operands: the part of an indicator's that reads the cells.
create table provenance.query (output varchar primary key, file varchar, sql varchar, operands varchar, sha256 varchar);
-- What the queries say of what each column is made from, in the words of OpenLineage: type is DIRECT, or INDIRECT for
-- what decides which rows there are.
create table provenance.edge (
    output varchar, output_field varchar, input varchar, input_field varchar, type varchar
);
create table provenance.indicator_state (
    indicator varchar primary key, state varchar, reason varchar, run_id varchar, published_at timestamptz
);
create table provenance.held_back_source (indicator varchar, table_id varchar, received_at timestamptz);
create table provenance.not_recorded (table_id varchar, what varchar);

create table checks.result (
    rule varchar, severity varchar, subject_type varchar, subject varchar, success boolean, observed varchar,
    expected varchar, message varchar
);
create table checks.rule (rule varchar, title varchar, severity varchar, subject_type varchar, protects varchar);
-- Checks that could not be applied, and why; `rule` is null where a subject could not be checked at all.
create table checks.skipped (rule varchar, subject_type varchar, subject varchar, reason varchar);
-- What each rule came to in this run and the runs before it, a bounded number of them.
create table checks.history (
    run_id varchar, day varchar, rule varchar, passed bigint, warnings bigint, failed bigint, skipped bigint,
    cells bigint
);
create table checks.failing_cell (
    rule varchar, subject varchar, region_code varchar, period varchar, sex varchar, category varchar, value double,
    expected varchar, cell ubigint
);
-- How many cells failed; failing_cell has a bounded number of them.
create table checks.failing_total (rule varchar, subject varchar, cells bigint);

create table previous.indicator (
    indicator varchar, rows bigint, value_count bigint, region_count bigint, first_period varchar, last_period varchar,
    run_id varchar, published_at timestamptz
);
create table previous.observation (
    indicator varchar, region_code varchar, partner_code varchar, period varchar, sex varchar, category varchar,
    series varchar, value double, numerator double, denominator double, status varchar, margin double, reason varchar,
    is_preliminary boolean
);
create table previous.source_table (table_id varchar, updated varchar);
-- The home region's figures as each run first published or changed them, and those of its kommuner that have changed.
create table previous.vintage (
    history_run varchar, indicator varchar, region_code varchar, partner_code varchar, period varchar, sex varchar,
    category varchar, series varchar, value double, status varchar, reason varchar, is_preliminary boolean
);
-- What each run said anew of indicators and tables (text is null where it no longer stands), as the queries of
-- flows/store.py name it.
create table previous.definition (
    history_run varchar, subject varchar, id varchar, field varchar, part varchar, text varchar
);
create table previous.source_word (table_id varchar, kind varchar, variable varchar, code varchar, text varchar);
-- The cited cells as the first run met them, and the calendar's events as last published.
create table previous.challenge (
    challenge varchar, day varchar, indicator varchar, region_code varchar, period varchar, category varchar,
    then_period varchar, women double, men double, total double, diff double, band varchar, run_id varchar
);
create table previous.event (
    uid varchar, kind varchar, title varchar, due varchar, role varchar, content varchar, sequence integer,
    modified varchar, cancelled boolean
);
