"""What a fault of a schema means, in words: code, message, why and hint."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from salesmode.compiler.loader import punctuation
from salesmode.compiler.located import text_of
from salesmode.compiler.validator.meant import glued_meant, spellings, word_meant
from salesmode.diagnostics import Span

Error = Any  # a jsonschema.ValidationError, whose types allow for "unset" everywhere

NAME_PATTERN = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_WHAT = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
_MERGE_KEY = "YAML 1.2 has no merge keys; share by `extends`, or write it out"
_LONG = 120
_SPELLED = {True: "true", False: "false", None: "null"}
_YES = frozenset({"yes", "on", "y", "true"})
_NO = frozenset({"no", "off", "n", "false"})


class Said(NamedTuple):
    """`at`: how many characters into the text the mistake is."""

    code: str
    message: str
    why: str | None = None
    hint: str | None = None
    at: int = 0


def say(error: Error, places: Mapping[str, Span]) -> Said:
    """The words for one error; `places` are the keys that stand beside it."""
    name = str(error.absolute_path[-1]) if error.absolute_path else "the document"
    subject = _full_width_subject(error, name)
    if subject is not None:
        return subject
    words = _WORDS.get(str(error.validator), _other)
    return words(error, name, places)


def _full_width_subject(error: Error, name: str) -> Said | None:
    """A text that is wrong because an input method wrote its punctuation."""
    text = name if error.validator == "additionalProperties" else error.instance
    if error.validator not in {"type", "enum", "pattern", "additionalProperties"} or not isinstance(
        text, str
    ):
        return None
    at = punctuation.first(text)
    if at is None:
        return None
    message = f"'{text[at]}' is full-width punctuation, not YAML"
    return Said("SM105", message, hint=punctuation.advice(text[at]), at=at)


def _unknown_key(error: Error, name: str, places: Mapping[str, Span]) -> Said:
    known = [str(each) for each in error.validator_value]
    if name == "<<":
        hint: str | None = _MERGE_KEY
    else:
        hint = word_meant(name, known, places) or _expected(each for each in known if each[0] != "$")
    return Said("SM202", f"unknown key '{name}'", hint=hint)


def _type(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    if error.instance is None:
        return Said("SM203", f"{_subject(error, name)} has no value", hint=f"{_wanted(error)} is expected")
    message = f"{_subject(error, name)} is {_found(error.instance)}, and {_wanted(error)} is expected"
    return Said("SM203", message, hint=_type_hint(error))


def _type_hint(error: Error) -> str | None:
    wanted, instance = error.validator_value, error.instance
    if "boolean" in wanted and isinstance(instance, str):
        word = instance.lower()
        return "write true" if word in _YES else "write false" if word in _NO else None
    if "options" in error.absolute_path and isinstance(instance, bool | None):
        return "options may not be named true, false or null; `yes` and `no` are names"
    if "string" in wanted and isinstance(instance, bool):
        return f'quote it if it is a text: "{str(instance).lower()}"'
    if "array" in wanted and isinstance(instance, str):
        return f"write [{instance}]"
    if wanted == ["object"]:
        return _mapping_hint(error, instance)
    if {"number", "integer"} & set(wanted) and isinstance(instance, str):
        return number_hint(instance)
    return None


def _mapping_hint(error: Error, instance: object) -> str | None:
    """How to write as a mapping what is a text or a list."""
    known = error.schema.get("properties", {})
    if isinstance(instance, list):
        return "write `name: …` for each, without dashes or brackets"
    if not isinstance(instance, str):
        return None
    if instance in known:
        return f"write {{{instance}: true}}"
    return glued_meant(instance) or (f"write {{type: {instance}}}" if "type" in known else None)


def number_hint(text: str) -> str | None:
    """How to write as a number what was probably meant as one."""
    if re.fullmatch(r"[-+]?[0-9.]+", text):
        return "write it without quotes, a leading + or leading zeros"
    if re.fullmatch(r"[0-9.]+ *%", text):
        return f"write {text.rstrip('% ')}"
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]", text):
        return f"write {Decimal(text):f}"
    return None


def _missing(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    missing = error.validator_value
    if (name, missing) == ("options", "from"):
        return Said("SM204", "'options' is a mapping without 'from'", hint=_options_hint(error.instance))
    owner = f"'{name}'" if isinstance(_last(error), str) else "this item"
    if not error.absolute_path:
        owner = "the document"
    return Said(
        "SM204", f"{owner} has no '{missing}'", why=_meaning(error, str(missing)), hint=f"add `{missing}: …`"
    )


def _options_hint(given: Mapping[str, object]) -> str:
    items = ", ".join(f"{{name: {name}, label: …}}" for name in [*given][:2])
    return f"write [{items}], or {{from: SET}} for options that fields share"


def _enum(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    return _none_of(error, name, [_shown(each) for each in error.validator_value])


def _none_of(error: Error, name: str, values: list[str]) -> Said:
    given = _shown(error.instance)
    hint = word_meant(given, values) or _expected(values)
    return Said("SM205", f"{_subject(error, name)} cannot be '{given}'", hint=hint)


def _pattern(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    given = _shown(error.instance)
    words = _words_of(error.validator_value)
    if words:
        return _none_of(error, name, words)
    if error.validator_value == NAME_PATTERN:
        return Said(
            "SM206",
            f"'{given}' is not a name",
            why="a name is snake_case ASCII: it begins with a letter and has single underscores inside",
            hint=_option_hint(error, given) or _name_hint(given),
        )
    message = f"{_subject(error, name)} cannot be '{given}'"
    if given == name:
        message = f"'{given}' does not have the form that is expected here"
    hint = _form_hint(given, error.validator_value)
    return Said("SM206", message, why=error.schema.get("description"), hint=hint)


def _form_hint(given: str, pattern: str) -> str | None:
    """The same in another spelling, where that has the form."""
    return next((f"write '{each}'" for each in spellings(given) if re.search(pattern, each)), None)


def _option_hint(error: Error, given: str) -> str | None:
    """What cannot name an option can still be what people read of it."""
    if "options" not in error.absolute_path or not isinstance(_last(error), int):
        return None
    name = _name_of(given) or "…"
    label = given if re.fullmatch(r"\w[\w +-]*", given) else json.dumps(given, ensure_ascii=False)
    return f"write {{name: {name}, label: {label}}}"


def _words_of(pattern: str) -> list[str]:
    """The words of a pattern that only lists words: a text, if it is one, is one of these."""
    found = re.fullmatch(r"\^\(([a-z_|]+)\)\$", pattern)
    return found[1].split("|") if found else []


def _name_hint(given: str) -> str | None:
    if given == "<<":
        return _MERGE_KEY
    name = _name_of(given)
    return None if name is None else f"write '{name}'"


def _name_of(given: str) -> str | None:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", given)
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return name if re.fullmatch(NAME_PATTERN, name) and given.isascii() else None


def _limit(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    rules = {
        "minimum": "is too small: at least {} is expected",
        "maximum": "is too large: at most {} is expected",
        "minLength": "may not be empty",
        "maxLength": "is too long: at most {} characters are allowed",
        "minItems": "may not be empty",
        "minProperties": "may not be empty",
        "maxProperties": "has too many keys: at most {} is allowed",
    }
    rule = rules[str(error.validator)].format(error.validator_value)
    return Said("SM207", f"{_subject(error, name)} {rule}")


def _twice(error: Error, _: str, __: Mapping[str, Span]) -> Said:
    return Said("SM207", f"'{_shown(error.instance)}' stands twice in the list", hint="remove one of them")


def _not_applicable(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    types = ", ".join(f"'{each}'" for each in error.validator_value)
    message = f"'{name}' does not apply to a field of the type '{error.instance}'"
    return Said("SM208", message, hint=f"it applies to {types}")


def _other(error: Error, name: str, _: Mapping[str, Span]) -> Said:
    """Keywords that only plugins' schemas use; of alternatives those count that have the value's type."""
    near = [each for each in error.context or () if each.validator != "type"]
    reasons = dict.fromkeys(_reason(each) for each in near or error.context or [error])
    return Said("SM209", f"{_subject(error, name)} does not fit its schema", why="; or ".join(reasons))


def _reason(error: Error) -> str:
    return say(error, {}).message if error.validator in _WORDS else str(error.message)


_WORDS = {
    "additionalProperties": _unknown_key,
    "type": _type,
    "required": _missing,
    "enum": _enum,
    "const": _enum,
    "pattern": _pattern,
    "minimum": _limit,
    "maximum": _limit,
    "minLength": _limit,
    "maxLength": _limit,
    "minItems": _limit,
    "minProperties": _limit,
    "maxProperties": _limit,
    "uniqueItems": _twice,
    "dependentSchemas": _not_applicable,
}


def _last(error: Error) -> str | int | None:
    return error.absolute_path[-1] if error.absolute_path else None


def _subject(error: Error, name: str) -> str:
    """What is spoken of: a key by its name, an item of a list by the list's."""
    names = [each for each in error.absolute_path if isinstance(each, str)]
    if isinstance(_last(error), int):
        return f"an item of '{names[-1]}'" if names else "an item"
    return f"'{name}'"


def _wanted(error: Error) -> str:
    types = [*error.validator_value]
    if types == ["array", "object"] and "$add" in error.schema.get("properties", {}):
        types = ["array"]
    return " or ".join(_WHAT[each] for each in types)


def _found(instance: object) -> str:
    if isinstance(instance, bool):
        return f"'{str(instance).lower()}'"
    if isinstance(instance, dict):
        return "a mapping"
    if isinstance(instance, list):
        return "a list"
    return f"the text '{_shown(instance)}'" if isinstance(instance, str) else f"the number {_shown(instance)}"


def _shown(instance: object) -> str:
    if isinstance(instance, bool | None):
        return _SPELLED[instance]
    text = text_of(instance)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _meaning(error: Error, name: str) -> str | None:
    description = error.schema.get("properties", {}).get(name, {}).get("description")
    return description if description and len(description) < _LONG else None


def _expected(names: Iterable[str]) -> str | None:
    known = [*names]
    return f"one of {', '.join(known)}" if 0 < len(known) <= 30 else None
