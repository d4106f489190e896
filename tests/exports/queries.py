"""Runs the queries of a page over the tables of a folder: queries.py PAGE FOLDER. Prints how many rows each gives."""

import json
import re
import sys
from pathlib import Path

import duckdb


def main():
    page, folder = sys.argv[1:]
    blocks = re.findall(r"```sql\n(.*?)```", Path(page).read_text(), re.DOTALL)
    views, queries = blocks[0], blocks[1:]
    assert views.count("'report/tables/") == 2
    duckdb.sql(views.replace("'report/", f"'{folder}/"))
    counts = [len(duckdb.sql(f"select 1 from ({query})").fetchall()) for query in queries]
    print(json.dumps(counts))


main()
