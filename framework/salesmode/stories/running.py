"""One story from its beginning to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from salesmode.diagnostics import Diagnostic, MetadataError
from salesmode.stories.acting import act
from salesmode.stories.expectations import Answer, not_refused, refusal, unmet
from salesmode.stories.story import Line, Story
from salesmode.stories.values import Cast, Untold
from salesmode.testing import Running

FAILED = "SM831"
_DONE: Answer = {"data": {}}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A story and what did not hold; nothing: it passed."""

    story: Story
    failures: tuple[Diagnostic, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


async def play(story: Story, running: Running) -> Verdict:
    """Play the story in a database that has nothing but the records that are loaded for it."""
    try:
        await running.begin(data=story.data)
    except MetadataError as error:
        return _verdict(story, error.diagnostics)
    return _verdict(story, await _Play(story, running, Cast(running.tables.model)).play())


def _verdict(story: Story, failures: Sequence[Diagnostic]) -> Verdict:
    """Of a story of a layer below the last failure says what can be done about it."""
    if story.own or not failures:
        return Verdict(story, tuple(failures))
    hint = (
        f"the story is of '{story.layer}': mend the app or, where it means otherwise, tell it anew in the "
        f"app, or take it out: {{kind: story, name: {story.name}, $remove: true}}"
    )
    last = replace(failures[-1], hint=hint, related=story.changed)
    return Verdict(story, (*failures[:-1], last))


class _Play:
    """The story while it is played."""

    def __init__(self, story: Story, running: Running, cast: Cast) -> None:
        self._story = story
        self._running = running
        self._cast = cast

    async def play(self) -> Sequence[Diagnostic]:
        self._cast.known = await self._known()
        last: Answer = _DONE
        steps = [*self._story.given, *self._story.when]
        refused = [line for line in self._story.then if line.kind == "refused"]
        for at, line in enumerate(steps):
            try:
                last = await act(line, self._running, self._cast)
            except Untold as untold:
                return [_failed(line, f"there is no record '{untold}'")]
            reason = refusal(last)
            may_be_refused = refused and at == len(steps) - 1
            if reason is not None and not may_be_refused:
                return [_failed(line, f"it was refused with {reason}")]
        return [each for line in self._story.then if (each := await self._judged(line, last)) is not None]

    async def _judged(self, line: Line, last: Answer) -> Diagnostic | None:
        try:
            if line.kind == "refused":
                wrong = not_refused(line, last)
            else:
                wrong = await unmet(line, self._running.ask, self._cast, self._running.environment)
        except Untold as untold:
            wrong = f"there is no record '{untold}'"
        return None if wrong is None else _failed(line, wrong)

    async def _known(self) -> dict[tuple[str, str], str]:
        """The metadata's own records by object and name."""
        model = self._running.tables.model
        found: dict[tuple[str, str], str] = {}
        for name in {"user", *(each.object for each in self._story.data)}:
            object_ = model.objects[name]
            if "name" in object_.fields:
                for id, called in await self._running.names(object_):
                    found[name, called] = id
        return found


def _failed(line: Line, message: str) -> Diagnostic:
    return Diagnostic(FAILED, f"{line.kind}: {message}", line.span)
