"""What an app costs by its size: validating it, the first query of a role, and introspection
(`make bench-compile`).

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

from graphql import get_introspection_query

from salesmode.access.compose import policy_of
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.environment import Environment
from salesmode.graph.catalog import Catalog
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.graph.printed import printed
from salesmode.graph.view import View
from salesmode.model.app import Model
from salesmode.tables import Tables, tables_of

SIZES = (100, 200, 300, 500, 1000)
FIELDS = 20
ROLES = 3
_TYPES = ("text", "money", "integer", "date", "boolean", "datetime", "long_text", "decimal")
_LINE = (
    "{objects:7.0f} | {validate_s:5.2f}  {peak_mib:8.0f} | {first_ms:7.0f}  {second_ms:12.0f} |"
    " {introspection_s:9.2f}  {introspection_peak_mib:10.0f} | {printed_s:8.2f}  {printed_mb:5.1f}"
)
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
    """Seconds and MiB at the peak to validate and to introspect; milliseconds of two roles' first queries."""
    texts = metadata(objects)
    start = time.perf_counter()
    model = compile_texts(texts).model
    validated, peak = time.perf_counter() - start, _peak()
    with tempfile.TemporaryDirectory() as folder:
        first, second, introspected = asyncio.run(_queries(model, Path(folder) / "bench.db"))
    introspection_peak = _peak()
    start = time.perf_counter()
    characters = sum(map(len, printed(Catalog(View(model, policy_of(model, ["admin"]))))))
    return {
        "objects": objects,
        "validate_s": validated,
        "peak_mib": peak,
        "first_ms": first,
        "second_ms": second,
        "introspection_s": introspected,
        "introspection_peak_mib": introspection_peak,
        "printed_s": time.perf_counter() - start,
        "printed_mb": characters / 1e6,
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _queries(model: Model, path: Path) -> tuple[float, float, float]:
    database = await connect(f"sqlite:///{path}")
    try:
        tables = tables_of(model, "sqlite")
        needed = [tables.table(each) for each in ("thing_1", "thing_0", "user")]
        await database.with_connection(lambda bind: [each.create(bind) for each in needed])
        endpoint = Endpoint(tables, database)
        first, second = [await _first_query(endpoint, tables, f"role_{number}") for number in range(2)]
        return first, second, await _introspection(endpoint, tables)
    finally:
        await database.close()


async def _introspection(endpoint: Endpoint, tables: Tables) -> float:
    """Of an administrator, who sees everything; asked for the first time."""
    start = time.perf_counter()
    answer = await endpoint.answer(Query(get_introspection_query(), {}), _caller(tables, "admin"))
    assert answer.body.startswith(b'{"data":{"__schema":{')
    return time.perf_counter() - start


async def _first_query(endpoint: Endpoint, tables: Tables, role: str) -> float:
    start = time.perf_counter()
    caller = _caller(tables, role)
    text = "{ thing1s(first: 5, where: {grade: {eq: a}}) { nodes { id field0 above { id field2 } } } }"
    answer = json.loads((await endpoint.answer(Query(text, {}), caller)).body)
    assert answer == {"data": {"thing1s": {"nodes": []}}}, answer
    return (time.perf_counter() - start) * 1000


def _caller(tables: Tables, role: str) -> Caller:
    user = {"id": "00000000-0000-7000-8000-000000000001", "roles": (role,)}
    return Caller(policy_of(tables.model, [role]), Environment({}, user, datetime.now(UTC), ZoneInfo("UTC")))


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
    print("        |    validate    | first query of a role | introspection (admin) |  printed schema")
    print("objects |     s  peak MiB |      ms   next one ms |         s    peak MiB |        s     MB")
    for row in _rows(asked.sizes):
        print(_LINE.format(**row), flush=True)


if __name__ == "__main__":
    main()
