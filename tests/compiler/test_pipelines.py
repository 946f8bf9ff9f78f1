"""Pipelines in the Model: layers, what they add to objects, and which fields apply where."""

from pathlib import Path

from salesmode.compiler import compile_texts, explain
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Literal
from salesmode.model.pipeline import KEPT_FIELDS
from tests.compiler.apps import compiled, told

DEAL = """kind: object
name: deal
owned: true
title: "{code} {name}"
fields:
  name: {type: text}
  code: {type: text}
  customer: {type: reference, to: team}
  amount: {type: money, required: true}
  budget: {type: money}
  term: {type: integer}
  source: {type: choice, options: [web, event]}
  reason: {type: text}
  visits: {type: integer}
  twice: {type: formula, result: integer, expression: "visits * 2"}
"""
DIRECT = """---
kind: pipeline
name: direct
object: deal
customer: customer
fields: [budget]
options: {source: [web]}
stages:
  - {name: qualify, probability: 10, readonly: [visits]}
  - {name: solution, probability: 40}
  - {name: won, closes: won}
  - {name: lost, closes: lost, entry: {required: [reason]}}
"""
RENEWAL = """---
kind: pipeline
name: renewal
object: deal
granularity: simple
fields: [term]
"""
BARE = "---\nkind: pipeline\nname: renewal\nobject: deal\ngranularity: simple\n"


def model(*texts: str) -> Model:
    return compile_texts({"app.yaml": "---\n".join(("kind: app\nname: app\n", "".join(texts)))}).model


def stages(found: Model, pipeline: str = "direct") -> list[str]:
    return [each.name for each in found.pipelines[pipeline].stages]


def test_an_object_with_pipelines_has_the_fields_that_the_engine_keeps() -> None:
    deal = model(DEAL, DIRECT, RENEWAL).objects["deal"]
    assert tuple(deal.fields)[-len(KEPT_FIELDS) :] == KEPT_FIELDS
    kept = [deal.fields[name] for name in KEPT_FIELDS]
    assert all(each.readonly and each.kept for each in kept)
    assert [each.name for each in kept if each.history] == ["pipeline", "stage", "status"]
    assert [each.name for each in kept if each.required == ALWAYS] == ["pipeline", "status", "stage_since"]
    assert [each.name for each in deal.fields["pipeline"].options] == ["direct", "renewal"]
    assert deal.fields["pipeline"].default is None
    assert deal.inverses["stage_history"].object == "stage_change"


def test_the_only_pipeline_is_the_one_of_every_record() -> None:
    assert model(DEAL, DIRECT).objects["deal"].fields["pipeline"].default == Literal("direct")


def test_an_object_without_stages_has_no_stage() -> None:
    found = model(DEAL, RENEWAL)
    assert "stage" not in found.objects["deal"].fields
    assert "status" in found.objects["deal"].fields


def test_without_pipelines_nothing_is_added() -> None:
    found = model(DEAL)
    assert "stage_change" not in found.objects
    assert not {*KEPT_FIELDS} & {*found.objects["deal"].fields}


def test_a_field_knows_the_pipelines_in_which_it_applies() -> None:
    """What is named, required, locked, narrowed, shown in the title, or says who and for whom."""
    deal = model(DEAL, DIRECT, RENEWAL).objects["deal"]
    placed = {name: each.pipelines for name, each in deal.fields.items() if each.pipelines is not None}
    only_direct = ("customer", "budget", "source", "reason", "visits")
    assert placed == {**dict.fromkeys(only_direct, ("direct",)), "term": ("renewal",)}


def test_a_pipeline_that_names_no_fields_has_them_all() -> None:
    deal = model(DEAL, DIRECT, BARE).objects["deal"]
    placed = {name: each.pipelines for name, each in deal.fields.items() if each.pipelines is not None}
    assert placed == dict.fromkeys(("term",), ("renewal",))


def test_a_stage_says_what_it_is_worth_by_how_it_closes() -> None:
    found = model(DEAL, DIRECT).pipelines["direct"].stages
    assert [(each.name, str(each.probability), each.forecast) for each in found] == [
        ("qualify", "10", "pipeline"),
        ("solution", "40", "pipeline"),
        ("won", "100", "closed"),
        ("lost", "0", "omitted"),
    ]


def test_stages_of_several_pipelines_stand_where_each_has_them() -> None:
    second = """---
kind: pipeline
name: partner
object: deal
stages: [qualify, design, solution, sign, {name: won, closes: won}, {name: gone, closes: lost}]
"""
    options = model(DEAL, DIRECT, second).objects["deal"].fields["stage"].options
    wanted = ["qualify", "design", "solution", "sign", "won", "gone", "lost"]
    assert [each.name for each in options] == wanted


def test_layers_place_rename_and_remove_stages(tmp_path: Path) -> None:
    upper = """kind: pipeline
name: direct
stages:
  - {name: design, $after: qualify, probability: 20}
  - {name: qualify, probability: 15}
  - {name: solution, $remove: true, replaced_by: design}
  - {name: signing, renamed_from: contract, $after: design}
"""
    found = compiled(tmp_path, DEAL + DIRECT, upper).model
    assert stages(found) == ["qualify", "design", "signing", "won", "lost"]
    assert str(found.pipelines["direct"].stages[0].probability) == "15"
    assert found.objects["deal"].fields["stage"].renamed_options == {
        "direct.contract": "direct.signing",
        "direct.solution": "direct.design",
    }


def test_a_removed_stage_that_is_still_used_is_told_at_both_places(tmp_path: Path) -> None:
    lower = DEAL + DIRECT.replace("probability: 10", "next: [solution, lost]")
    upper = "kind: pipeline\nname: direct\nstages: [{name: solution, $remove: true}]\n"
    assert told(tmp_path, lower, upper) == [
        "SM602 unknown stage 'solution'",
        "SM407 'solution' is removed here and still used",
    ]


def test_each_part_of_a_stage_has_its_origin(tmp_path: Path) -> None:
    upper = "kind: pipeline\nname: direct\nstages: [{name: solution, probability: 50}]\n"
    origins = explain(compiled(tmp_path, DEAL + DIRECT, upper).layered, "pipeline.direct.stages.solution")
    said = [str(each).replace(f"{tmp_path}/", "").replace("layer1/../", "") for each in origins]
    assert said == [
        "direct.stages.solution.name: solution\n    layer1/rest.yaml:3:11 (layer1)",
        "direct.stages.solution.probability: 50\n    layer1/rest.yaml:3:27 (layer1)\n"
        "    overrides 40 of layer0/rest.yaml:25:35 (layer0)",
    ]


def test_a_role_is_limited_to_pipelines() -> None:
    role = """---
kind: role
name: rep
objects:
  deal: {read: true, create: true, update: true, pipelines: [direct], fields: {default: write}}
"""
    assert model(DEAL, DIRECT, RENEWAL, role).roles["rep"].objects["deal"].pipelines == ("direct",)
