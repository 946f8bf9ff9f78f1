"""Why somebody merges, keeps apart or claims, as they say it."""

from salesmode.hookspecs import Problem, Refusal
from salesmode.model.label import Label

LONGEST = 500


def check_reason(reason: str | None) -> None:
    """VALIDATION_FAILED where it is longer than what is kept of it."""
    if len(reason or "") > LONGEST:
        raise Refusal("VALIDATION_FAILED", problems=[Problem(("reason",), "too_long", _TOO_LONG)])


_TOO_LONG = Label({"en": f"At most {LONGEST} characters are allowed.", "zh": f"最多 {LONGEST} 个字符。"})
