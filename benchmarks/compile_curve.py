"""What an app costs by its size: validating it, and the first query of a role (`make bench-compile`).

Each size runs in a process of its own, so that memory is its own. Prints a table; by hand, no test.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.model.app import Model
from salesmode.tables import Tables, tables_of

SIZES = (100, 200, 300, 500, 1000)
FIELDS = 20
ROLES = 3
_TYPES = ("text", "money", "integer", "date", "boolean", "datetime", "long_text", "decimal")
_APP = "kind: app\nname: wide\nlocales: [en]\n"


def metadata(objects: int) -> dict[str, str]:
    """An app of objects in a tree of references, each in a file with its fields, and roles that see all."""
    files = {f"objects/thing_{number}.yaml": _object(number) for number in range(objects)}
    roles = {f"roles/role_{number}.yaml": _role(number, objects) for number in range(ROLES)}
    return {"app.yaml": _APP, **files, **roles}


def _object(number: int) -> str:
    fields = [
        f"  field_{place}: {{type: {_TYPES[place % len(_TYPES)]}, label: {{en: Field {place}}}}}"
        for place in range(FIELDS - 2)
    ]
    above = f"  above: {{type: reference, to: thing_{number // 2}, inverse: below_{number}}}"
    grade = "  grade: {type: choice, options: [a, b, c]}"
    return "\n".join(
        ["kind: object", f"name: thing_{number}", "owned: true", "fields:", *fields, grade, above, ""]
    )


def _role(number: int, objects: int) -> str:
    grant = "{read: {where: {owner: $user.id}}, create: true, fields: {default: write, field_1: read}}"
    lines = [f"  thing_{each}: {grant}" for each in range(objects)]
    return "\n".join(["kind: role", f"name: role_{number}", "objects:", *lines, ""])


def measured(objects: int) -> dict[str, float]:
    """Seconds to validate, MiB at the peak, and milliseconds of the first query of each of two roles."""
    texts = metadata(objects)
    start = time.perf_counter()
    model = compile_texts(texts).model
    validated = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        first, second = asyncio.run(_first_queries(model, Path(folder) / "bench.db"))
    return {
        "objects": objects,
        "validate_s": validated,
        "peak_mib": peak,
        "first_ms": first,
        "second_ms": second,
    }


async def _first_queries(model: Model, path: Path) -> list[float]:
    database = await connect(f"sqlite:///{path}")
    try:
        tables = tables_of(model, "sqlite")
        needed = [tables.table(each) for each in ("thing_1", "thing_0", "user")]
        await database.with_connection(lambda bind: tables.metadata.create_all(bind, tables=needed))
        endpoint = Endpoint(tables, database)
        return [await _first_query(endpoint, tables, f"role_{number}") for number in range(2)]
    finally:
        await database.close()


async def _first_query(endpoint: Endpoint, tables: Tables, role: str) -> float:
    start = time.perf_counter()
    user = {"id": "00000000-0000-7000-8000-000000000001", "roles": (role,)}
    environment = Environment({}, user, datetime.now(UTC), ZoneInfo("UTC"))
    caller = Caller(policy_of(tables.model, [role]), environment)
    text = "{ thing1s(first: 5, where: {grade: {eq: a}}) { nodes { id field0 above { id field2 } } } }"
    answer = json.loads((await endpoint.answer(Query(text, {}), caller)).body)
    assert answer == {"data": {"thing1s": {"nodes": []}}}, answer
    return (time.perf_counter() - start) * 1000


def _rows(sizes: list[int]) -> Iterator[dict[str, float]]:
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.compile_curve", "--one", str(size)]
        yield json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--one", type=int, help="measure one size and print JSON")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one)))
        return
    print("objects  validate s  peak MiB  first query of a role ms  of the next role ms")
    for row in _rows(asked.sizes):
        shown = (row["validate_s"], row["peak_mib"], row["first_ms"], row["second_ms"])
        print("{:7.0f}  {:10.2f}  {:8.0f}  {:24.0f}  {:19.0f}".format(row["objects"], *shown), flush=True)


if __name__ == "__main__":
    main()
