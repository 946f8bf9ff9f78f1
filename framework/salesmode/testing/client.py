"""One user of an app under test, asking its API as any client does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.model.app import Model
from salesmode.model.names import camel, pascal

Answer = dict[str, Any]


class Refused(AssertionError):
    """What was asked is refused. `codes` and `problems` (`{path, code, message}`) are those of all errors."""

    def __init__(self, user: str, errors: list[Answer]) -> None:
        self.errors = errors
        self.codes = tuple(str(each.get("extensions", {}).get("code")) for each in errors)
        self.problems = [
            problem for each in errors for problem in each.get("extensions", {}).get("problems", ())
        ]
        told = [f"{each['message']} {each.get('extensions', {})}" for each in errors]
        super().__init__("\n".join([f"{user} is refused:", *told]))


@dataclass(frozen=True, slots=True)
class Client:
    """`ask` gives the data of an answer; whatever is refused is raised as Refused. Values are as in JSON,
    names of fields as in the metadata or as in GraphQL.
    """

    user: str
    model: Model
    send: Callable[[str, str, Mapping[str, Any]], Answer]

    def ask(self, text: str, **variables: Any) -> Answer:
        """The data of the answer to a GraphQL document."""
        answer = self.answer(text, **variables)
        if "errors" in answer:
            raise Refused(self.user, answer["errors"])
        data: Answer = answer["data"]
        return data

    def answer(self, text: str, **variables: Any) -> Answer:
        """The whole answer: `data` and `errors`."""
        return self.send(self.user, text, variables)

    def create(self, object: str, **values: Any) -> str:
        """The id of a new record."""
        of = f"input: ${pascal(object)}Create!"
        return str(self._write(object, "create", of, input=_named(values))["id"])

    def update(self, object: str, id: str, **values: Any) -> None:
        of = f"input: ${pascal(object)}Update!"
        self._write(object, "update", "id: $ID!", of, id=id, input=_named(values))

    def delete(self, object: str, id: str) -> None:
        self._write(object, "delete", "id: $ID!", id=id)

    def move(self, object: str, id: str, to: str, **values: Any) -> None:
        """To another stage, or `won`, `lost`, `open` of a simple pipeline."""
        of = f"input: ${pascal(object)}Update"
        self._write(object, "move", "id: $ID!", "to: $String!", of, id=id, to=to, input=_named(values))

    def read(self, object: str, id: str, fields: str) -> Answer | None:
        """A record by a selection of fields (`name owner { name }`); None where it is not seen."""
        name = camel(object)
        found: Answer | None = self.ask(f"query($id: ID!) {{ {name}(id: $id) {{ {fields} }} }}", id=id)[name]
        return found

    def list(self, object: str, fields: str, **where: Any) -> list[Answer]:
        """The records that satisfy a filter: `admin.list("customer", "name", grade={"eq": "a"})`."""
        plural = camel(self.model.object(object).plural)
        rows = f"{plural}(where: $where, first: 1000) {{ nodes {{ {fields} }} }}"
        answer = self.ask(f"query($where: {pascal(object)}Where) {{ {rows} }}", where=_named(where))
        nodes: list[Answer] = answer[plural]["nodes"]
        return nodes

    def _write(self, object: str, verb: str, *arguments: str, **variables: Any) -> Answer:
        """One mutation of a record; an argument is `NAME: $TYPE`."""
        named = [each.split(": $") for each in arguments]
        declared = ", ".join(f"${name}: {type_}" for name, type_ in named)
        given = ", ".join(f"{name}: ${name}" for name, _ in named)
        field, record = f"{verb}{pascal(object)}", camel(object)
        answer = self.ask(f"mutation({declared}) {{ {field}({given}) {{ {record} {{ id }} }} }}", **variables)
        written: Answer = answer[field][record] or {}
        return written


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {camel(name): value for name, value in values.items()}
