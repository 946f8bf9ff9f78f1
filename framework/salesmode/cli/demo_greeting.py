"""What a demo says before it serves: where it is, who may sign in, and what to ask."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesmode.cli.terminal import console
from salesmode.compiler.layers import preset_names
from salesmode.resources import presets_dir

_ANY = "{ viewer { id } }"
_QUERY = Path("demo", "query.graphql")


@dataclass(frozen=True, slots=True)
class Person:
    """A user who may sign in."""

    name: str
    roles: tuple[str, ...]
    token: str


def query_of(preset: Path) -> str:
    """The preset's own query to paste (`demo/query.graphql`)."""
    file = preset / _QUERY
    return file.read_text(encoding="utf-8").strip() if file.exists() else _ANY


def shown() -> list[str]:
    """The presets that have something to show."""
    return [name for name in preset_names() if (presets_dir() / name / _QUERY).exists()]


def greet(url: str, people: Sequence[Person], query: str, *, locale: str) -> None:
    """Say it all on standard output; each token is on a line of its own. `locale`: that of the records."""
    endpoint = f"{url}/graphql"
    console.print(f"\nGraphQL  {endpoint}", f"Console  {url}/console\n", sep="\n")
    for each in people:
        console.print(f"{each.name} ({', '.join(each.roles)})", f"  {each.token}", sep="\n")
    console.print("\nPaste into the console, with a token, or ask from a shell:\n", query, sep="\n")
    console.print(f"\n{curl(endpoint, people[-1], query, locale=locale)}")
    console.print("\nAnother token gives other rows and other fields. Ctrl+C stops the server.")


def curl(endpoint: str, person: Person, query: str, *, locale: str) -> str:
    """The query as a shell command, for an answer in the language of the records."""
    body = json.dumps({"query": " ".join(query.split())}, ensure_ascii=False).replace("'", "'\\''")
    return (
        f"curl -s {endpoint} -H 'Content-Type: application/json' -H 'Accept-Language: {locale}' "
        f"-H 'Authorization: Bearer {person.token}' -d '{body}'"
    )
