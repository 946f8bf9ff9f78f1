"""What a pipeline says of a row before it is written: where it begins, what applies to it, what its stage
locks.
"""

from collections.abc import Iterator, Mapping

from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem
from salesmode.model.names import camel
from salesmode.model.pipeline import OPEN, PIPELINE, STAGE, STAGE_SINCE, STATUS, Pipeline
from salesmode.pipelines.passage import Passage
from salesmode.pipelines.places import kept_values, place, standing, starts
from salesmode.records.filling import Values
from salesmode.records.problems import Path, problem
from salesmode.records.subject import Subject
from salesmode.records.written import Going


def begin(
    subject: Subject,
    supplied: Mapping[str, object],
    values: Values,
    environment: Environment,
    *,
    path: Path,
    problems: list[Problem],
) -> Going | None:
    """Put a new row, all of whose `values` are known, at its start; what does not apply is a problem."""
    if not subject.pipelines:
        return None
    pipeline = subject.pipelines.get(str(values[PIPELINE]))
    if pipeline is None:  # it is missing, which is told like that of any other required field
        values.update({STATUS: OPEN, STAGE_SINCE: environment.now})
        return None
    problems += _not_a_start(subject, pipeline, values, path)
    problems += unfit(subject, pipeline, supplied, {}, path)
    values.update(
        {name: None for name in values if name not in supplied and not _applies(subject, name, pipeline)}
    )
    start = str(values.get(STAGE) or starts(pipeline)[0])
    target = start if start in starts(pipeline) else starts(pipeline)[0]
    values.update(placed(subject, pipeline, target, environment))
    return Going(Passage(pipeline.name, None, target), (*path, camel(STAGE)))


def placed(subject: Subject, pipeline: Pipeline, target: str, environment: Environment) -> Values:
    """The values that the engine keeps of a row which has just come there."""
    values = kept_values(pipeline, target, environment.now)
    return {name: value for name, value in values.items() if name in subject.object.fields}


def _not_a_start(
    subject: Subject, pipeline: Pipeline, values: Mapping[str, object], path: Path
) -> Iterator[Problem]:
    wanted = values.get(STAGE)
    if wanted is None:
        return
    if all(wanted != each.name for each in pipeline.stages):
        yield problem(subject, path, "not_in_pipeline", field=STAGE)
    elif wanted not in starts(pipeline):
        label = pipeline.stage(str(wanted)).label
        message = Message("stage_start", {"stage": label})
        yield problem(subject, path, "start", field=STAGE, message=message)


def standing_in(subject: Subject, old: Mapping[str, object]) -> tuple[Pipeline, str]:
    """The pipeline and the place of a row that is there."""
    pipeline = subject.pipelines[str(old[PIPELINE])]
    return pipeline, standing(pipeline, old)


def locked_here(subject: Subject, old: Mapping[str, object]) -> frozenset[str]:
    """The fields that the row's stage locks."""
    pipeline, here = standing_in(subject, old)
    return frozenset(place(pipeline, here).readonly)


def unfit(
    subject: Subject,
    pipeline: Pipeline,
    values: Mapping[str, object],
    old: Mapping[str, object],
    path: Path,
) -> Iterator[Problem]:
    """Values of fields that do not apply in the pipeline (empty ones do no harm), and options that it does
    not have, unless the row had them.
    """
    for name, value in values.items():
        if value is not None and not _applies(subject, name, pipeline):
            yield problem(subject, path, "not_in_pipeline", field=name)
        elif value is not None and name in (pipeline.options or {}):
            for each in sorted(_several(value) - _several(old.get(name)) - {*(pipeline.options or {})[name]}):
                yield _no_option(subject, name, each, path)


def _several(value: object) -> set[str]:
    return set() if value is None else set(value) if isinstance(value, tuple) else {str(value)}


def _no_option(subject: Subject, name: str, option: str, path: Path) -> Problem:
    labels = {each.name: each.label for each in subject.object.fields[name].options}
    message = Message("option_when", {"value": labels.get(option, option)})
    return problem(subject, path, "option_when", field=name, message=message)


def _applies(subject: Subject, name: str, pipeline: Pipeline) -> bool:
    places = subject.object.fields[name].pipelines
    return places is None or pipeline.name in places
