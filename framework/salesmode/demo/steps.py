"""The steps of a demo document, checked as those of stories are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.located import Document, Path
from salesmode.conditions.values import moment_of
from salesmode.demo.population import Part, Population
from salesmode.demo.world import in_language
from salesmode.diagnostics import Collector
from salesmode.model.app import Model
from salesmode.model.condition import Moment
from salesmode.stories.reading import Reading
from salesmode.stories.story import ACTS

NO_MOMENT = "SM828"

_NOW = "$now"
_ACTS = tuple(each for each in ACTS if each != "clock")  # `at` says where it stands


def parts_of(
    document: Document, populations: Mapping[str, Population], model: Model, collector: Collector
) -> Iterator[Part]:
    """What a document wants done; names that lead nowhere are reported. Written rows go by their keys."""
    known = [(each.of, key) for each in populations.values() for _, key in each.keyed()]
    reading = Reading(document, model, collector, known)
    for index, raw in enumerate(document.data.get("steps", ())):
        path = ("steps", index)
        one_text = in_language(raw["do"], model.app.locales, model.app.locales[0])
        lines = reading.lines(one_text, _ACTS, (*path, "do"))
        given = zip(lines, raw["do"], strict=False)  # fewer where one is wrong, and then nothing is done
        at = tuple(_moments(document, raw, (*path, "at"), collector))
        yield Part(at, tuple(replace(line, data=data) for line, data in given))


def _moments(
    document: Document, raw: Mapping[str, Any], path: Path, collector: Collector
) -> Iterator[Moment]:
    given = raw.get("at", _NOW)
    for text in [given] if isinstance(given, str) else given:
        found = moment_of(text)
        if found is None:
            message = f"'{text}' is no moment; write `$now - 35d` or `$month_start - 1mo`"
            collector.error(NO_MOMENT, message, document.value_place(path))
        else:
            yield found
