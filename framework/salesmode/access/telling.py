"""An explanation in words, line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from salesmode.access.explain import (
    EMPTY,
    HIDDEN,
    MASKED,
    SEEN,
    Decision,
    Explanation,
    Lack,
    Rule,
    Truths,
    holds,
    leaves,
)
from salesmode.conditions.spell import spelled
from salesmode.diagnostics import Span
from salesmode.model.condition import ALWAYS, NEVER, Condition

ENGINE = "engine"
"""The file of what is built in."""

_SAYS = {SEEN: "may see", MASKED: "sees masked", EMPTY: "sees as null", HIDDEN: "may not see"}


def place(span: Span) -> str:
    """Where a rule stands."""
    return "built in" if span.file == ENGINE else str(span)


def told(found: Explanation, places: Callable[[Span], str] = place) -> Iterator[str]:
    """What decided about the record, and then about the field."""
    return _Words(found.truths, places).told(found)


@dataclass(frozen=True)
class _Words:
    truths: Truths
    place: Callable[[Span], str]

    def told(self, found: Explanation) -> Iterator[str]:
        yield f"{found.user} has the roles: {', '.join(found.roles) or 'none'}"
        yield from self._decision(f"{found.object.name} {found.id}", found.record)
        if found.shown is not None:
            yield ""
            yield from self._decision(f"{found.object.name}.{found.field} there", found.shown)
        for rule in found.elsewhere:
            yield f"  role {rule.role} does"
            yield f"    {self.place(rule.span)}"
        for rule in found.unmask if found.shown and found.shown.outcome == MASKED else ():
            yield f"  role {rule.role} grants to unmask it"
            yield from self._condition("on records where", rule.rows)
            yield f"    {self.place(rule.span)}"
        if found.unreachable is not None:
            yield f"  but no role reads any {found.unreachable}, so the field is not there at all"

    def _decision(self, what: str, decision: Decision) -> Iterator[str]:
        yield f"{_SAYS[decision.outcome]} {what}"
        for rule in decision.by:
            yield from self._rule(rule)
        if not decision.by:
            yield "  no role grants it"
        if decision.nearest is not None:
            yield from self._change(decision.nearest)

    def _rule(self, rule: Rule) -> Iterator[str]:
        if rule.denied:
            yield f"  role {rule.role} denies it"
        elif rule.rows == ALWAYS and rule.clear == ALWAYS:
            yield f"  role {rule.role} grants it on {'every visible' if rule.add_on else 'every'} record"
        else:
            yield f"  role {rule.role} grants it"
            yield from self._condition("on records where", rule.rows)
            if rule.clear == NEVER:
                yield "    and shows it masked" if rule.masked else "    and never shows it"
            else:
                yield from self._condition("and shows it where", rule.clear)
            if rule.masked and rule.clear != NEVER:
                yield "    and masked elsewhere"
        yield f"    {self.place(rule.span)}"

    def _condition(self, words: str, condition: Condition) -> Iterator[str]:
        if condition == ALWAYS:
            return
        yield f"    {words} {spelled(condition)}: {self._word(condition)}"
        parts = list(dict.fromkeys(leaves(condition)))
        for part in parts if len(parts) > 1 else ():
            yield f"      {spelled(part)}: {self._word(part)}"

    def _change(self, lack: Lack) -> Iterator[str]:
        wanted = " and ".join(spelled(each) for each in lack.missing)
        yield f"  it would, if {wanted}"
        yield f"    role {lack.rule.role}, {self.place(lack.rule.span)}"

    def _word(self, condition: Condition) -> str:
        return "true" if holds(condition, self.truths) else "false"
