"""Whether every name that a demo description uses exists, and every required field gets a value."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from salesmode.demo.population import Population
from salesmode.demo.recipes import Need, Reads, Refers, Says
from salesmode.demo.world import Path
from salesmode.diagnostics import Collector, Span, did_you_mean
from salesmode.model.app import Model

UNKNOWN_NAME = "SM823"
NOTHING_FILLS = "SM824"
AMBIGUOUS = "SM825"

_OWN = frozenset({"id", "n", "k"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to be named."""

    populations: Mapping[str, Population]
    words: Mapping[str, tuple[object, ...]]
    model: Model
    collector: Collector

    def names(self, population: Population) -> Set[str]:
        """Everything that may be read of a row of it."""
        fields = self.model.objects[population.of].fields.values()
        return _OWN | population.parts | {each.name for each in fields if not each.computed}

    def expect(self, name: str, known: Set[str], span: Span, message: str) -> bool:
        """Report `name` where it is not known."""
        if name in known:
            return True
        self.collector.error(UNKNOWN_NAME, message, span, hint=did_you_mean(name, known))
        return False


def check_names(
    populations: Mapping[str, Population],
    words: Mapping[str, tuple[object, ...]],
    model: Model,
    collector: Collector,
) -> None:
    """Report names that are unknown or stand for two things, and required fields that are left empty."""
    known = _Known(populations, words, model, collector)
    for population in populations.values():
        _check_fields(population, known)
        _check_parts(population, known)
        _check_rows(population, known)
        _check_each(population, known)
        for name, need in population.needs():
            _check_need(need, population, known, population.place(name))


def _check_fields(population: Population, known: _Known) -> None:
    fields = known.model.objects[population.of].fields
    for name in population.recipes:
        message = f"'{name}' is neither a field of '{population.of}' nor one of the parts named here"
        known.expect(name, known.names(population), population.place(name), message)
    for field in fields.values():
        needed = not field.nullable and not field.system and field.default is None
        if needed and field.name not in population.recipes and not _always_given(population, field.name):
            message = f"'{field.name}' is required and has no recipe"
            known.collector.error(NOTHING_FILLS, message, population.span, related=(field.span,))


def _always_given(population: Population, name: str) -> bool:
    written = all(name in row for row in population.written)
    return written and not population.counts and all(each.name == name for each in population.each)


def _check_parts(population: Population, known: _Known) -> None:
    for name in sorted(population.parts & known.model.objects[population.of].fields.keys()):
        message = f"the part '{name}' has the name of a field of '{population.of}'"
        known.collector.error(AMBIGUOUS, message, population.place(f"part {name}"))


def _check_rows(population: Population, known: _Known) -> None:
    for index, row in enumerate(population.written):
        for name in row:
            message = f"'{name}' is neither a field of '{population.of}' nor one of the parts named here"
            span = population.place(f"row {index}")
            if known.expect(name, known.names(population), span, message):
                _check_key(population, index, name, known)


def _check_each(population: Population, known: _Known) -> None:
    """The other records are described, have what is looked at, and the field is one that may hold them."""
    for index, each in enumerate(population.each):
        span = population.place(f"each {index}")
        needed: tuple[Need, ...] = (Refers(each.of, tuple(each.reads)), Reads((each.name,)))
        for need in needed:
            _check_need(need, population, known, span)
        field = known.model.objects[population.of].fields.get(each.name)
        if field is not None and field.to not in {None, each.of} and each.of in known.populations:
            message = f"'{each.name}' refers to '{field.to}', not to '{each.of}'"
            known.collector.error(UNKNOWN_NAME, message, span)
        if each.of == population.of:
            known.collector.error(UNKNOWN_NAME, "'each' is about the records of another object", span)


def _check_key(population: Population, index: int, name: str, known: _Known) -> None:
    """A written reference names a written row, and an earlier one within the same object."""
    field = known.model.objects[population.of].fields.get(name)
    referred = field.to if field else population.target_of(name)
    if referred is None:
        return
    target = known.populations.get(referred)
    keys = set[str]()
    if target is not None and target.key is not None:
        rows = target.written[:index] if target is population else target.written
        keys = {str(row.get(target.key)) for row in rows}
    key = str(population.written[index][name])
    message = f"no row of '{referred}' that is written before this one has the key '{key}'"
    known.expect(key, keys, population.place(f"row {index}"), message)


def _check_need(need: Need, population: Population, known: _Known, span: Span) -> None:
    match need:
        case Says(words):
            known.expect(words, known.words.keys(), span, f"there is no list of words '{words}'")
        case Refers(target, names):
            message = f"no demo records of '{target}' are described"
            if known.expect(target, known.populations.keys(), span, message):
                for name in names:
                    _check_path((name,), known.populations[target], known, span)
        case Reads(path):
            _check_path(path, population, known, span)


def _check_path(path: Path, population: Population, known: _Known, span: Span) -> None:
    """Every step that is taken from a row; what lies inside a part or a word is not known beforehand."""
    first, *rest = path
    message = f"'{first}' is neither a field of '{population.of}' nor one of its parts"
    if not known.expect(first, known.names(population), span, message) or not rest:
        return
    field = known.model.objects[population.of].fields.get(first)
    if field is None:
        return
    if field.to is None or field.to not in known.populations:
        message = f"'{first}' of '{population.of}' leads to no demo records"
        known.collector.error(UNKNOWN_NAME, message, span)
        return
    _check_path(tuple(rest), known.populations[field.to], known, span)
