"""How fast the history of an office is written: cases and rows a second, and what follows (the leaders' desk).

    python tests/benchmarks/generating.py [--sizes 50000,50000]

Each size is added to what is there. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import http_completion as http

from app import bootstrap
from app.cli import training
from app.cli.generating import history
from app.office import queries as offices

ROWS = "SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE n_live_tup > 0 ORDER BY n_live_tup DESC LIMIT 12"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="50000,50000")
    given = parser.parse_args()
    with http._server() as (folder, server):
        settings, owner = http.settings_on(folder, server)
        office = bootstrap.office(settings)
        training.prepare(settings, office)
        office.close()
        office = bootstrap.office(replace(settings, database_url=owner))
        result = []
        for seed, size in enumerate(map(int, given.sizes.split(",")), start=1):
            began = time.perf_counter()
            with office.sessions.begin() as session:
                opening = offices.opening_day(session)
                told, batches = history.generate(session, size, seed=seed, years=3, opening=opening)
                lived = time.perf_counter() - began
                written = sum(batches)
            result.append(
                {
                    "cases": written, "examples_seconds": round(lived, 1), "writing_seconds": round(told.seconds, 1),
                    "cases_a_second": round(written / told.seconds), "findings": told.findings,
                    "all_seconds": round(time.perf_counter() - began, 1),
                }
            )  # fmt: skip
            print(json.dumps(result[-1]), file=sys.stderr, flush=True)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            rows = dict(connection.execute(ROWS).fetchall())
        print(json.dumps({"runs": result, "rows": rows}, indent=1))
        office.close()


if __name__ == "__main__":
    main()
