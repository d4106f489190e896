"""Holds the files for Security Lake against the events of the runs beside them: lake.py REPORTS.

Every row has to be the event of its line, and one by the published schema. Prints how many events of a status, an
activity, a resource and a type an account has in a run, as the lines say it and as DuckDB counts the rows; and the Regions.
"""

import collections
import datetime
import glob
import gzip
import json
import sys

import duckdb
from ocsf import validator

PARTITIONS = "region, accountId, eventDay"


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value


def by_lines(events):
    counts = collections.Counter()
    for event in events:
        account, run = event["cloud"]["account"]["uid"], event["metadata"]["correlation_uid"]
        words = f"status {event['compliance']['status']}", f"activity {event['activity_name']}"
        for what in *words, event["resources"][0]["uid"], *event["finding_info"]["types"]:
            counts[f"{run} {account} {what}"] += 1
    return counts


def by_rows(table):
    of = "metadata.correlation_uid || ' ' || accountId || ' ' ||"
    queries = [
        f"select {of} 'status ' || compliance.status, count(*) from {table} group by 1",
        f"select {of} 'activity ' || activity_name, count(*) from {table} group by 1",
        f"select {of} resources[1].uid, count(*) from {table} group by 1",
        f"select {of} kind, count(*) from (select *, unnest(finding_info.types) as kind from {table}) group by 1",
    ]
    return {name: count for query in queries for name, count in duckdb.sql(query).fetchall()}


def main():
    (reports,) = sys.argv[1:]
    events = {}
    for path in glob.glob(f"{reports}/daily/**/findings.ocsf.jsonl.gz", recursive=True):
        for line in gzip.open(path, "rt"):
            event = json.loads(line)
            assert events.setdefault(event["metadata"]["uid"], event) is event
    lines = by_lines(events.values())
    files = f"'{reports}/ext/orgscan/1.0/**/*.parquet'"
    table = f"read_parquet({files}, hive_partitioning = true, hive_types_autocast = false)"
    rows = duckdb.sql(f"select * exclude ({PARTITIONS}), {PARTITIONS} from {table}")
    names, judge = rows.columns[:-3], validator("1.3.0")
    for row in rows.fetchall():
        *values, region, account, day = row
        event = without_nulls(dict(zip(names, values, strict=True)))
        errors = [f"{error.json_path}: {error.message}" for error in judge.iter_errors(event)]
        assert not errors, f"{errors}\n{event}"
        assert event == events.pop(event["metadata"]["uid"]), event
        began = datetime.datetime.fromtimestamp(event["time"] / 1000, datetime.timezone.utc)
        assert (account, day) == (event["cloud"]["account"]["uid"], began.strftime("%Y%m%d")), row
    assert not events, f"{len(events)} events have no row: {list(events)[:3]}"
    codecs = duckdb.sql(f"select distinct compression from parquet_metadata({files})").fetchall()
    assert codecs == [("ZSTD",)], codecs
    regions = duckdb.sql(f"select distinct region from {table}").fetchall()
    print(json.dumps({"lines": lines, "rows": by_rows(table), "regions": [region for (region,) in regions]}))


main()
