"""The ways through the stages of a pipeline: that they lead somewhere, and that every stage is on one."""

from collections.abc import Iterable, Iterator

from salesmode.compiler.analyzer.options import NOT_NAMES
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.condition import ALWAYS
from salesmode.model.pipeline import LOST, WON, Pipeline, Stage


def check_routes(pipeline: Pipeline, say: Reporter) -> None:
    """Names of stages in `start`, `next` and `replaced_by`; then, where they are right, the ways."""
    _check_reserved(pipeline, say)
    if not pipeline.staged:
        return
    wrong = [*_wrong_names(pipeline, say)]
    for name, path in wrong:
        say.unknown("SM602", "stage", name, _by_name(pipeline), *path)
    _check_start(pipeline, say)
    _check_renamed(pipeline, say)
    if not wrong:
        _check_ends(pipeline, say)
        if pipeline.start:
            _check_reach(pipeline, say)


Place = tuple[str | int, ...]


def _by_name(pipeline: Pipeline) -> dict[str, Stage]:
    return {each.name: each for each in pipeline.stages}


def _wrong_names(pipeline: Pipeline, say: Reporter) -> Iterator[tuple[str, Place]]:
    known = _by_name(pipeline)
    for name, path in _names(pipeline, say):
        if name not in known:
            yield name, path


def _names(pipeline: Pipeline, say: Reporter) -> Iterator[tuple[str, Place]]:
    if "start" in say.document.data:
        yield from ((each, ("start", at)) for at, each in enumerate(pipeline.start))
    for stage, entry in enumerate(say.document.data.get("stages", ())):
        described = entry if isinstance(entry, dict) else {}
        path = ("stages", stage)
        yield from ((each, (*path, "next", at)) for at, each in enumerate(described.get("next", ())))
        if "replaced_by" in described:
            yield described["replaced_by"], (*path, "replaced_by")


def _check_reserved(pipeline: Pipeline, say: Reporter) -> None:
    """Pipelines and stages are options, and so named."""
    if pipeline.name in NOT_NAMES:
        say.error_at_value("SM306", f"a pipeline may not be named '{pipeline.name}'", "name")
    for stage in pipeline.stages:
        if stage.name in NOT_NAMES:
            say.collector.error("SM306", f"a stage may not be named '{stage.name}'", stage.span)


def _check_start(pipeline: Pipeline, say: Reporter) -> None:
    known = _by_name(pipeline)
    if "start" in say.document.data and not pipeline.start:
        say.error_at_value("SM603", "no record can begin: 'start' names no stage", "start")
    for at, name in enumerate(pipeline.start):
        if name in known and known[name].closes:
            message = f"no record can begin in '{name}', which closes it as {known[name].closes}"
            say.error_at_value("SM603", message, "start", at)


def _check_renamed(pipeline: Pipeline, say: Reporter) -> None:
    known = _by_name(pipeline)
    seen: dict[str, str] = {}
    for at, stage in enumerate(say.document.data.get("stages", ())):
        old = stage.get("renamed_from") if isinstance(stage, dict) else None
        if old is None:
            continue
        place: Place = ("stages", at, "renamed_from")
        if old in seen:
            message = f"stages '{seen[old]}' and '{stage['name']}' cannot both have been '{old}'"
            say.error_at_value("SM316", message, *place)
        elif old in known:
            say.warning("SM901", f"the stage '{old}' is still there, so nothing is renamed", *place)
        seen.setdefault(old, stage["name"])


def _check_ends(pipeline: Pipeline, say: Reporter) -> None:
    closings = {each.closes for each in pipeline.stages}
    for end in (WON, LOST):
        if end not in closings and None in closings:
            message = f"no record of '{pipeline.name}' can be {end}: no stage closes it so"
            there = end in _by_name(pipeline)
            stage = f"{{name: {end}, closes: {end}}}"
            hint = f"say so of the stage '{end}': {stage}" if there else f"add a stage: {stage}"
            say.warning_at_value("SM604", message, "name", hint=hint)


def _check_reach(pipeline: Pipeline, say: Reporter) -> None:
    reached = _reached(pipeline)
    raw = say.document.data.get("stages", ())
    names = [each["name"] if isinstance(each, dict) else each for each in raw]
    for stage in pipeline.stages:
        if stage.name not in reached:
            message = f"no record can reach the stage '{stage.name}'"
            hint = "name it in `start` or in the `next` of a stage"
            say.warning("SM604", message, "stages", names.index(stage.name), hint=hint)


def _reached(pipeline: Pipeline) -> set[str]:
    found: set[str] = set()
    waiting = list(pipeline.start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += following(pipeline, pipeline.position(name))
    return found


def following(pipeline: Pipeline, at: int) -> list[str]:
    """The stages that some record may move to from there (RULING 36), but for reopening."""
    stage = pipeline.stages[at]
    if stage.closes:
        return []
    if stage.next is not None:
        ahead = list(stage.next)
    else:
        lost = [each.name for each in pipeline.stages if each.closes == LOST]
        ahead = [*_onwards(pipeline.stages[at + 1 :]), *lost]
    earlier = [each.name for each in pipeline.stages[:at] if each.closes is None] if stage.back else []
    return ahead + earlier


def _onwards(stages: Iterable[Stage]) -> Iterator[str]:
    """Up to the first that is never skipped; won stages that follow each other are open to choice."""
    stopped = False
    for each in stages:
        if each.closes == LOST or (stopped and each.closes != WON):
            continue
        yield each.name
        stopped = stopped or not (each.skip or each.when != ALWAYS or each.closes)
