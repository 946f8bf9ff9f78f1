"""What stories say that they prove: checked when they are read, and put to the test."""

import pytest

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.diagnostics import Collector, Diagnostic
from salesmode.stories.coverage import coverage
from salesmode.stories.mutations import Mutant, judged, needed
from salesmode.stories.proofs import Proof
from salesmode.stories.telling import telling
from salesmode.tables import tables_of
from salesmode.testing import Running
from tests.stories.shop import SHOP, told

STORY = """
kind: story
name: no_credit
covers: [D12, D30]
proves: [PATH]
given:
  - {create: customer, id: acme, values: {name: Acme, grade: b, since: $today}}
when:
  - {update: customer, id: acme, values: {credit: 5}}
then:
  - {refused: VALIDATION_FAILED}
  - {as: ann, hidden: customer.secret_note}
"""


def proofs(path: str) -> tuple[tuple[Proof, ...], tuple[Diagnostic, ...]]:
    collector = Collector()
    found = telling(told(STORY.replace("PATH", path)), collector).proofs
    return found, collector.diagnostics


def test_a_proof_knows_where_it_is_said_and_where_the_part_stands() -> None:
    (proof,), problems = proofs("customer.validations.no_credit_for_b")
    assert not problems
    assert (proof.story, proof.path) == ("no_credit", "customer.validations.no_credit_for_b")
    lines = (SHOP + STORY).splitlines()
    assert lines[proof.span.line - 1].startswith("proves:")
    assert "name: no_credit_for_b" in lines[proof.part.line - 1]


def test_a_part_that_is_not_there_is_told_at_its_place() -> None:
    found, (problem,) = proofs("customer.validations.no_credit_for_c")
    assert not found
    assert (problem.code, problem.hint) == ("SM833", "did you mean 'no_credit_for_b'?")
    assert (SHOP + STORY).splitlines()[problem.span.line - 1].startswith("proves:")


def test_coverage_has_a_row_for_each_requirement_of_a_story() -> None:
    made = told(STORY.replace("PATH", "customer.validations.no_credit_for_b"))
    found = telling(made, Collector())
    rows = coverage(found.stories, found.proofs)
    assert [(row.requirement, row.story.name, len(row.proofs)) for row in rows] == [
        ("D12", "no_credit", 1),
        ("D30", "no_credit", 1),
    ]


async def mutant(path: str, database_url: str) -> Mutant:
    found, problems = proofs(path)
    assert not problems
    made = compile_texts({"shop.yaml": SHOP + STORY.replace("PATH", path)}, without=path)
    database = await connect(database_url, Options(durable=False))
    try:
        running = Running(tables_of(made.model, database.dialect), database)
        await running.make_tables()
        (result,) = await judged(found, made, running)
    finally:
        await database.close()
    return result


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "fate"),
    [
        ("customer.validations.no_credit_for_b", "fails"),
        ("role.clerk.customer.fields.secret_note", "fails"),
        ("customer.validations.no_credit_for_b.message", "holds"),
        ("customer.fields.since", "untold"),
    ],
)
async def test_a_story_has_to_fail_without_what_it_proves(path: str, fate: str, database_url: str) -> None:
    result = await mutant(path, database_url)
    assert result.fate == fate
    assert (result.wrong is not None) == (fate == "holds")


@pytest.mark.anyio
async def test_a_story_that_holds_all_the_same_is_told_at_its_proof(sqlite_url: str) -> None:
    result = await mutant("customer.fields.wants", sqlite_url)
    assert result.wrong is not None
    assert (result.wrong.code, result.wrong.span) == ("SM834", result.proof.span)
    assert result.wrong.related == (result.proof.part,)


def test_a_part_that_cannot_be_taken_out_proves_nothing() -> None:
    found, _ = proofs("customer.fields.name")
    (result,) = needed(found, "something uses it", found[0].part)
    assert (result.fate, result.wrong and result.wrong.code) == ("needed", "SM835")
    assert result.wrong is not None
    assert "something uses it" in result.wrong.message
