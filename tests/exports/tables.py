"""Counts the rows of a run's CSV and Parquet files with DuckDB: tables.py FOLDER. Prints both counts as JSON."""

import json
import sys

import duckdb

# The same columns in both.
FILES = {
    "csv": "read_csv('{0}/{1}.csv', all_varchar = true, header = true)",
    "parquet": "read_parquet('{0}/{1}.parquet')",
}


def counts(folder, form):
    table = FILES[form]
    findings, coverage = table.format(folder, "findings"), table.format(folder, "coverage")
    seen = f"from {findings} where status is distinct from 'unknown'"
    queries = [
        f"select 'fail', count(*) {seen}",
        f"select 'fail suppressed', count(*) {seen} and exception_id is not null",
        f"select 'fail ' || severity, count(*) {seen} and exception_id is null group by 1",
        f"select 'account ' || account_id, count(*) {seen} group by 1",
        f"select 'check ' || check_id, count(*) {seen} group by 1",
        f"select 'unknown targets', count(*) from {coverage} where outcome = 'unknown'",
        f"select 'ledger ' || outcome, count(*) from {coverage} group by 1",
        f"select 'violations', sum(violations::bigint)::bigint from {coverage}",
    ]
    return {name: count for query in queries for name, count in duckdb.sql(query).fetchall() if count}


def main():
    (folder,) = sys.argv[1:]
    print(json.dumps({form: counts(folder, form) for form in FILES}))


main()
