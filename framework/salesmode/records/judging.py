"""What the named booleans of a write mean: problems, all of them at once (RULING 11 b)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem, Refusal, RefusalCode
from salesmode.records.atoms import Truths
from salesmode.records.checks import Checks
from salesmode.records.filling import resolved
from salesmode.records.passing import Guard, blocked
from salesmode.records.problems import problem
from salesmode.records.rights import Granted, verdict
from salesmode.records.rules import Rule
from salesmode.records.subject import Subject
from salesmode.records.written import Written


@dataclass(frozen=True, slots=True)
class Law:
    """What the new rows of one write are held to; `guards`: those of them that enter a stage."""

    subject: Subject
    grants: tuple[Granted, ...]
    rules: tuple[Rule, ...]
    guards: tuple[Guard, ...]
    checks: Checks


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems of rights, and of rules; each place and code is told once. `blocked`: what keeps rows from
    their stages, which is told apart already.

    `late`: rows that are kept apart because others seem to be in their way. `unknown`: their ids, and those
    of nested rows below them, of which nothing can be said.
    """

    rights: dict[object, Problem] = field(default_factory=dict)
    broken: dict[object, Problem] = field(default_factory=dict)
    blocked: list[Problem] = field(default_factory=list)
    late: list[tuple[Subject, Written]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def refuse(self) -> None:
        """FORBIDDEN where a right is missing, else STAGE_BLOCKED where a stage cannot be entered, else
        VALIDATION_FAILED, with the problems of all; nothing where nothing was found.
        """
        problems = [*self.rights.values(), *self.blocked, *self.broken.values()]
        if problems:
            code: RefusalCode = "STAGE_BLOCKED" if self.blocked else "VALIDATION_FAILED"
            raise Refusal("FORBIDDEN" if self.rights else code, problems=problems)


def note(found: dict[object, Problem], problems: Iterable[Problem]) -> None:
    for each in problems:
        found.setdefault((each.path, each.code), each)


def judge(
    law: Law,
    rows: Sequence[Written],
    failing: Mapping[str, Truths],
    *,
    environment: Environment,
    findings: Findings,
) -> None:
    """Find every condition that failed; nothing is told of what lies behind an invisible reference."""
    for row in rows:
        if any(row.values[name] in findings.unknown for name in row.linked):
            findings.unknown.add(row.id)
            continue
        truths = failing.get(row.id, law.checks.all_hold)
        missing = [rule for rule in law.rules if rule.reach and _fails(rule, row, truths)]
        if missing:
            truths = law.checks.forgiving(truths, frozenset(str(rule.field) for rule in missing))
        note(findings.rights, _rights(law, row, truths, environment))
        note(findings.broken, (_broken(law, rule, row) for rule in missing))
        findings.blocked.extend(blocked(law.subject, law.guards, row, truths))
        if row.id in failing:
            note(
                findings.broken, (_broken(law, rule, row) for rule in law.rules if _fails(rule, row, truths))
            )


def _fails(rule: Rule, row: Written, truths: Truths) -> bool:
    return not truths[rule.index] and rule.applies(row)


def _broken(law: Law, rule: Rule, row: Written) -> Problem:
    return problem(law.subject, row.path, rule.code, field=rule.field, message=rule.message)


def _rights(law: Law, row: Written, truths: Truths, environment: Environment) -> Iterator[Problem]:
    """A grant whose presets the row does not have was not the one that allowed it."""
    held = [each for each in law.grants if _has(law.subject, row, each, environment)]
    missing = verdict(held, row.supplied, rights=truths if row.rights is None else row.rights, checks=truths)
    for name in missing.locked if missing.row else ():
        yield problem(law.subject, row.path, "locked", field=name)
    if not missing.check:
        yield problem(law.subject, row.path, "check")


def _has(subject: Subject, row: Written, grant: Granted, environment: Environment) -> bool:
    return all(
        row.now(name) == resolved(value, subject.object.fields[name], row.values, environment)
        for name, value in grant.presets.items()
        if name not in row.given
    )
