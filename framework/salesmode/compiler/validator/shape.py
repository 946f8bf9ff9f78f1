"""The stage: each document against the schema of its kind, all faults at once."""

from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any

from jsonschema import ValidationError

from salesmode.compiler.located import Document, Path, Tables, part, text_of
from salesmode.compiler.validator.faults import NAME_PATTERN, say
from salesmode.compiler.validator.grammar import TEXT_MEANT, Grammar
from salesmode.compiler.validator.schemas import Schemas
from salesmode.diagnostics import Collector, Span, did_you_mean

_KEPT = frozenset({"minLength", "maxLength", "minimum", "maximum", "minItems", "uniqueItems"})
"""Faults after which the value still has the right type, so that the rest of it can be checked too."""


def check_shapes(
    documents: Iterable[Document],
    schemas: Schemas,
    collector: Collector,
    *,
    brought: Callable[[str], str | None] = lambda _: None,
) -> tuple[Document, ...]:
    """The documents without the parts that do not fit; one that does not say what it is falls away.

    `brought` says how to come by a kind that is unknown here.
    """
    grammars = {kind: Grammar(schema) for kind, schema in schemas.items()}
    return tuple(
        checked
        for document in documents
        if _knows_itself(document, schemas, collector, brought)
        for checked in _checked(document, grammars[document.kind], collector)
    )


def check_whole(
    documents: Iterable[Document], schemas: Schemas, collector: Collector
) -> tuple[tuple[Document, bool], ...]:
    """Those of the kinds that `schemas` has, and whether they are right and lack nothing, now that all layers
    have said their part.
    """
    grammars = {kind: Grammar(schema) for kind, schema in schemas.items()}
    return tuple(
        (document, _is_whole(document, grammars[document.kind], collector))
        for document in documents
        if document.kind in grammars
    )


def _is_whole(document: Document, grammar: Any, collector: Collector) -> bool:
    """What is missing because it was wrong is told already."""
    errors = [each for each in grammar.iter_errors(document.data) if each.validator != TEXT_MEANT]
    told = {path[:-1] for path in document.refused}
    beside = _beside(document) if errors else {}
    for error in errors:
        if error.validator != "required" or _path(error) not in told:
            _report(error, document, beside, collector)
    return not errors and not document.refused


def _knows_itself(
    document: Document, schemas: Schemas, collector: Collector, brought: Callable[[str], str | None]
) -> bool:
    kind = document.data.get("kind")
    if isinstance(kind, str) and kind in schemas:
        return True
    if "kind" not in document.data:
        near = next((key for key in document.data if did_you_mean(key, ["kind"])), None)
        hint = f"write `kind` instead of `{near}`" if near else f"kinds: {', '.join(schemas)}"
        collector.error("SM204", "the document has no 'kind'", document.place(), hint=hint)
    elif not isinstance(kind, str):
        message = "'kind' is no text"
        collector.error(
            "SM210", message, document.value_place(("kind",)), hint=f"kinds: {', '.join(schemas)}"
        )
    else:
        hint = brought(kind) or did_you_mean(kind, schemas) or f"kinds: {', '.join(schemas)}"
        collector.error("SM210", f"there is no kind '{kind}'", document.value_place(("kind",)), hint=hint)
    return False


def _checked(document: Document, grammar: Any, collector: Collector) -> tuple[Document, ...]:
    found = list(grammar.iter_errors(document.data))
    errors = [error for error in found if error.validator != TEXT_MEANT]
    beside = _beside(document) if errors else {}
    for error in takewhile(lambda _: not collector.full, errors):
        _report(error, document, beside, collector)
    for path in (_path(error) for error in found if error.validator == TEXT_MEANT):
        holder = part(document.data, path[:-1])
        holder[path[-1]] = text_of(holder[path[-1]])
    fitting = _fitting(document, errors, grammar)
    return (fitting,) if fitting else ()


def _fitting(document: Document, errors: list[ValidationError], grammar: Any) -> Document | None:
    """Without what does not fit, nor what lacks something by that; None where nothing is left."""
    refused = frozenset(_path(error) for error in errors if not _harmless(error))
    if () in refused or "name" not in document.data:
        return None
    if not refused:
        return document
    rest = _without(document, refused)
    return _fitting(rest, [*grammar.iter_errors(rest.data)], grammar)


def _harmless(error: ValidationError) -> bool:
    return error.validator in _KEPT | {TEXT_MEANT} or error.validator_value == NAME_PATTERN


def _path(error: ValidationError) -> Path:
    return tuple(error.absolute_path)


def _without(document: Document, refused: frozenset[Path]) -> Document:
    tables = Tables()
    data = tables.take(document, (), (), refused)
    for holder, name in (path for path in refused if len(path) == 2 and path[0] == "fields"):
        data[holder][name] = {}  # a field that was there and wrong is still a field: roles may name it
    return Document(data, tables.keys, tables.values, document.refused | refused)


def report_fault(error: ValidationError, document: Document, collector: Collector) -> None:
    """Tells one fault of a document at its place."""
    _report(error, document, _beside(document), collector)


def _report(
    error: ValidationError,
    document: Document,
    beside: Mapping[Path, Mapping[str, Span]],
    collector: Collector,
) -> None:
    path = _path(error)
    at_key = getattr(error, "at_key", False) or error.validator == "required"
    said = say(error, beside.get(path[:-1], {}))
    span = document.place(path) if at_key else document.value_place(path)
    if said.at:
        span = Span(span.file, span.line, span.column + said.at)
    collector.error(said.code, said.message, span, why=said.why, hint=said.hint)


def _beside(document: Document) -> Mapping[Path, Mapping[str, Span]]:
    """For each mapping where its keys stand."""
    found: dict[Path, dict[str, Span]] = {}
    for path, span in document.keys.items():
        found.setdefault(path[:-1], {})[str(path[-1])] = span
    return found
