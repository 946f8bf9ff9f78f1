"""Whatever is done to records with pipelines, in whatever order and by whichever write: it is let through or
refused as a naive reading says, with the very problems that it finds, and no record is ever in a state that
nobody could have brought it to.
"""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from salesmode.database.connect import connect
from salesmode.database.driver import UnitOf
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.tables import tables_of
from tests.properties import naive_stages as naive
from tests.records.deals import deals, stays
from tests.records.kit import Caller, Desk

EXAMPLES = {"sqlite": 25, "postgresql": 5}

texts = st.sampled_from([None, "x"])
values = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.sampled_from([None, 0, 5]),
        "budget": st.sampled_from([None, 7]),
        "customised": st.sampled_from([None, True, False]),
        "discount": st.sampled_from([None, 10, 60]),
        "term": st.sampled_from([None, 24]),
        "decision_maker": texts,
        "review": texts,
        "lost_reason": texts,
    },
)
pipelines = st.sampled_from(["deal", "deal", *sorted(naive.ORDER)])
people = st.sampled_from(["engineer", "manager"])
anywhere = st.sampled_from(sorted({each for places in naive.ORDER.values() for each in places}))
EMPTY = dict.fromkeys(set().union(*naive.FIELDS.values()))
FULL = {
    "amount": 5,
    "budget": 7,
    "customised": True,
    "decision_maker": "x",
    "secret_plan": "x",
    "review": "x",
    "lost_reason": "x",
}
LEAVING = {"customised": False, "review": None}
"""What closes the branch that a deal may be in."""
ROUTES: list[list[dict[str, Any]]] = [
    [{}],
    [{}] * 5,
    [{}, LEAVING, {}],
    [{}, {"amount": 7}],
    [{}, {}, {"amount": 0}],
]
NUMBERS = ("amount", "budget", "discount")


def told(refusal: Refusal) -> list[naive.Problem]:
    return sorted(((each.path, each.code, each.name) for each in refusal.problems), key=str)


class Machine(RuleBasedStateMachine):
    """`rows`: what the naive reading knows of each record, by id."""

    desk: Desk
    runner: asyncio.Runner
    people: dict[str, Caller]
    counter: Iterator[int]
    opportunities = Bundle("opportunities")

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, Any]] = {}
        self.passed: dict[str, int] = {}

    def teardown(self) -> None:
        """The next example begins with nothing."""
        tables = self.desk.tables

        def emptied() -> UnitOf[None]:
            for each in ("stage_change", "task", "activity", "opportunity", "customer"):
                yield Step(f"DELETE FROM {tables.table(each).name}", ())

        self.run(self.desk.database.run(emptied))

    def run(self, attempt: Any) -> Any:
        return self.runner.run(attempt)

    @rule(
        target=opportunities,
        pipeline=pipelines,
        grade=st.sampled_from(["b", "a", "b", None, "c"]),
        given=values,
    )
    def begin(self, pipeline: str, grade: str | None, given: dict[str, Any]) -> str:
        """Somewhere to start from: a record that is right."""
        kept = {name: value for name, value in given.items() if name in naive.FIELDS[pipeline]}
        kept.pop("discount", None)
        (id_,) = self._written([(pipeline, grade, None, kept)], "manager")
        return id_

    @rule(
        inputs=st.lists(
            st.tuples(pipelines, st.none(), st.one_of(st.none(), anywhere), values), min_size=1, max_size=4
        ),
        who=people,
    )
    def create_several(self, inputs: list[Any], who: str) -> None:
        """All of them, or none: with all that is wrong in any of them."""
        early: list[naive.Problem] = []
        late: list[naive.Problem] = []
        for number, (pipeline, _, stage, given) in enumerate(inputs):
            path = ("input", number)
            start = naive.STARTS[pipeline]
            if stage is not None and stage != "open" and stage not in start:
                known = pipeline != "renewal" and stage in naive.ORDER[pipeline]
                early.append(((*path, "stage"), "start" if known else "not_in_pipeline", None))
            row = {**EMPTY, "pipeline": pipeline, "grade": None, "visited": False, **given}
            early += naive.misplaced(row, given, path)
            place = stage if stage in start else start[0]
            late += naive.blocked(row, None, place, who, to=(*path, "stage"), path=path)
            late += naive.broken(row, path)
        blocked = any(code in ("required", "validation", "branch") for _, code, _ in late)
        code = "VALIDATION_FAILED" if early or not blocked else "STAGE_BLOCKED"
        problems = early or late
        if not problems:
            self._written(inputs, who)
            return
        refusal = self._refused(self.people[who].create("opportunity", *map(self._input, inputs)))
        assert (refusal.code, told(refusal)) == (code, sorted(problems, key=str))

    @rule(id_=opportunities, to=anywhere, given=values, who=people)
    def move(self, id_: str, to: str, given: dict[str, Any], who: str) -> None:
        row = self.rows[id_]
        attempt = self.people[who].move("opportunity", id_, to, **given)
        if to not in naive.ORDER[row["pipeline"]]:
            self._not_there(attempt, row, given, ("to",), ("input",))
        else:
            self._moves(attempt, id_, to, given, who=who, to_path=("to",), path=("input",))

    @rule(
        id_=opportunities, steps=st.one_of(st.sampled_from(ROUTES), st.lists(values, min_size=1, max_size=6))
    )
    def advance(self, id_: str, steps: list[dict[str, Any]]) -> None:
        """Place by place, with everything filled but what is given otherwise: so all places are seen."""
        for given in steps:
            row = self.rows[id_]
            places = naive.ORDER[row["pipeline"]]
            to = places[min(places.index(row["place"]) + 1, len(places) - 1)]
            whole = {name: value for name, value in FULL.items() if name in naive.FIELDS[row["pipeline"]]}
            if row["place"] == "check":
                whole["amount"] = row["amount"]
            whole |= given
            attempt = self.people["manager"].move("opportunity", id_, to, **whole)
            self._moves(attempt, id_, to, whole, who="manager", to_path=("to",), path=("input",))

    @rule(id_=opportunities, given=values, who=people)
    def update(self, id_: str, given: dict[str, Any], who: str) -> None:
        self._stays(self.people[who].update("opportunity", id_, **given), id_, given, ("input",))

    @rule(id_=opportunities, to=anywhere, given=values, who=people)
    def upsert(self, id_: str, to: str, given: dict[str, Any], who: str) -> None:
        """A row whose stage is another one moves; in a simple pipeline there are no stages."""
        row, path = self.rows[id_], ("input", 0)
        if to in ("open",):
            return
        one = {"name": row["name"], "stage": to, **given}
        attempt = self.people[who].upsert("opportunity", ["name"], one)
        if row["pipeline"] == "renewal" or to not in naive.ORDER[row["pipeline"]]:
            attempt.close()
        elif to == row["place"]:
            self._stays(attempt, id_, given, path)
        else:
            self._moves(attempt, id_, to, given, who=who, to_path=(*path, "stage"), path=path)

    @rule(id_=opportunities)
    def visit(self, id_: str) -> None:
        """What a gate looks at beside the record."""
        activity = {"subject": "met", "kind": "visit", "opportunity": id_, "at": "2026-03-01T00:00:00Z"}
        self.run(self.desk.system().create("activity", activity))
        self.rows[id_]["visited"] = True

    def _moves(
        self, attempt: Any, id_: str, to: str, given: dict[str, Any], *, who: str, to_path: Any, path: Any
    ) -> None:
        row = self.rows[id_]
        new, early = {**row, **given}, naive.misplaced(row, given, path)
        rights = naive.locked(row, given, path)
        late = naive.blocked(new, row["place"], to, who, to=to_path, path=path)
        if who == "engineer" and naive.reopens(row["pipeline"], row["place"], to):
            late.append((to_path, "role", None))
        found = naive.broken(new, path)
        if rights or early or late or found:
            code = "FORBIDDEN" if rights else "STAGE_BLOCKED" if late and not early else "VALIDATION_FAILED"
            problems = [*rights, *early] or [*late, *found]
            refusal = self._refused(attempt)
            assert (refusal.code, told(refusal)) == (code, sorted(problems, key=str)), (row, to, given, who)
        else:
            self.run(attempt)
            self.rows[id_] = {**new, "place": to}
            self.passed[id_] += 1

    def _stays(self, attempt: Any, id_: str, given: dict[str, Any], path: Any) -> None:
        row = self.rows[id_]
        new = {**row, **given}
        rights, early = naive.locked(row, given, path), naive.misplaced(row, given, path)
        problems = [*rights, *early] or naive.broken(new, path)
        if not problems:
            self.run(attempt)
            self.rows[id_] = new
            return
        refusal = self._refused(attempt)
        assert refusal.code == ("FORBIDDEN" if rights else "VALIDATION_FAILED")
        assert told(refusal) == sorted(problems, key=str)

    def _not_there(self, attempt: Any, row: Any, given: dict[str, Any], to: Any, path: Any) -> None:
        rights = naive.locked(row, given, path)
        problems = [*rights, *naive.misplaced(row, given, path), (to, "not_in_pipeline", None)]
        refusal = self._refused(attempt)
        assert refusal.code == ("FORBIDDEN" if rights else "VALIDATION_FAILED")
        assert told(refusal) == sorted(problems, key=str)

    def _refused(self, attempt: Any) -> Refusal:
        with pytest.raises(Refusal) as caught:
            self.run(attempt)
        return caught.value

    def _input(self, one: Any) -> dict[str, Any]:
        pipeline, _, stage, given = one
        return {"name": f"o{next(self.counter)}", "pipeline": pipeline, "stage": stage, **given} | (
            {} if stage != "open" else {"stage": None}
        )

    @initialize(target=opportunities)
    def opened(self) -> Any:
        """Some of each kind to begin with."""
        kinds = [("deal", "b"), ("deal", "a"), ("deal", None), ("express", None), ("renewal", None)]
        return multiple(*self._written([(kind, grade, None, {}) for kind, grade in kinds], "manager"))

    def _written(self, inputs: list[Any], who: str) -> tuple[str, ...]:
        whole = []
        for one in inputs:
            given = self._input(one)
            if one[1] is not None and one[0] != "renewal":
                customer = {"name": f"c{next(self.counter)}", "grade": one[1]}
                given["customer"] = self.run(self.desk.system().create("customer", customer))[0]
            whole.append(given)
        ids: tuple[str, ...] = self.run(self.people[who].create("opportunity", *whole))
        for id_, (pipeline, grade, stage, given), one in zip(ids, inputs, whole, strict=True):
            known = {"grade": grade if pipeline != "renewal" else None, "visited": False}
            place = stage if stage in naive.STARTS[pipeline] else naive.STARTS[pipeline][0]
            term = {"term": 12} if pipeline == "renewal" else {}
            row = {
                **EMPTY,
                **term,
                **given,
                **known,
                "pipeline": pipeline,
                "place": place,
                "name": one["name"],
            }
            self.rows[id_], self.passed[id_] = row, 1
        return ids

    @invariant()
    def every_record_is_as_the_naive_reading_has_it(self) -> None:
        found = {each["id"]: each for each in self.run(self.desk.rows("opportunity"))}
        for id_, row in self.rows.items():
            stored, place = found[id_], row["place"]
            assert stored["pipeline"] == row["pipeline"]
            assert stored["stage"] == (None if row["pipeline"] == "renewal" else place)
            assert stored["status"] == naive.status(place)
            assert (stored["closed_at"] is not None) == (place in naive.CLOSED)
            assert {name: stored[name] for name in EMPTY} == {
                name: Decimal(row[name]) if name in NUMBERS and row[name] is not None else row[name]
                for name in EMPTY
            }

    @invariant()
    def every_record_has_one_stay_that_lasts(self) -> None:
        for id_, row in self.rows.items():
            history = self.run(stays(self.desk, id_))
            assert [left for *_, left in history] == [True] * (self.passed[id_] - 1) + [False]
            assert history[-1][1] == row["place"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_way_leads_to_an_illegal_state(engine: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(f"{engine}_url")
    with asyncio.Runner() as runner:
        database = runner.run(connect(url))
        try:
            desk = Desk(database, tables_of(deals(), database.dialect))
            runner.run(database.with_connection(desk.tables.create))
            (li,) = runner.run(desk.system().create("user", {"name": "Li"}))
            members = {
                "desk": desk,
                "runner": runner,
                "people": {each: desk.caller({"id": li}, each) for each in ("engineer", "manager")},
                "counter": iter(range(10**9)),
            }
            machine = type("Moves", (Machine,), members)
            run_state_machine_as_test(
                machine,
                settings=settings(max_examples=EXAMPLES[engine], stateful_step_count=25, deadline=None),
            )
        finally:
            runner.run(database.close())
