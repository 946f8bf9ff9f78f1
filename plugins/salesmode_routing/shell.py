"""Commands of the shell."""

from collections.abc import Mapping, Sequence

from salesmode.hookspecs import Argument, Command, Desk, Refusal, UnitOf
from salesmode_routing.simulating import explain, simulate
from salesmode_routing.texts import text


def commands() -> Sequence[Command]:
    return (
        Command(
            name=("explain", "route"),
            help="Why a record went where it is: every routing decision with its candidates.",
            run=_explain,
            arguments=(
                Argument(name="object", help="The record's object."),
                Argument(name="id", help="The record's id."),
            ),
        ),
        Command(
            name=("simulate", "route"),
            help="Who would have got the records of the last days by a rule, beside who has them.",
            run=_simulate,
            arguments=(
                Argument(name="rule", help="The routing rule; it need not be active."),
                Argument(name="days", help="How many days back; 30 unless said.", optional=True),
            ),
        ),
    )


def _explain(desk: Desk, arguments: Mapping[str, str | None]) -> UnitOf[Sequence[str]]:
    return (yield from explain(desk, str(arguments["object"]), str(arguments["id"])))


def _simulate(desk: Desk, arguments: Mapping[str, str | None]) -> UnitOf[Sequence[Mapping[str, object]]]:
    days = arguments.get("days") or "30"
    if not days.isdigit() or not 0 < int(days) <= 3660:
        raise Refusal("BAD_REQUEST", text("no_days", days=days))
    return (yield from simulate(desk, str(arguments["rule"]), int(days)))
