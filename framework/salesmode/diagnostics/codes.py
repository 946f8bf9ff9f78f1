"""Every code of a metadata diagnostic. A code keeps its meaning for ever and is never reused.

SM1xx reading files · SM2xx shape · SM3xx names and references · SM4xx layers · SM5xx permissions
SM6xx pipelines, tags, saved questions · SM7xx conditions and formulas · SM8xx data, database
SM9xx no effect, plugins
"""

from collections.abc import Mapping
from dataclasses import dataclass

from salesmode.diagnostics.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """`meaning` in one line; `severity` is always the same for one code."""

    code: str
    meaning: str
    severity: Severity = "error"


_ALL = (
    Code("SM101", "the file is not YAML"),
    Code("SM102", "a key stands twice in one mapping"),
    Code("SM103", "a tag other than the plain ones"),
    Code("SM104", "aliases that expand beyond the limit, or contain themselves"),
    Code("SM105", "full-width punctuation where YAML punctuation is meant"),
    Code("SM106", "the file is not UTF-8, or holds a character that YAML does not allow"),
    Code("SM107", "a tab as indentation"),
    Code("SM108", "the file is too large, or nested too deeply"),
    Code("SM109", "a key that is not text"),
    Code("SM110", "there is nothing to read: no app folder, no app document, or a file that cannot be read"),
    Code("SM111", "a file without a document", "warning"),
    Code("SM112", "more problems than are told"),
    Code("SM201", "a document that is not a mapping"),
    Code("SM202", "a key that is not known there"),
    Code("SM203", "a value of another type than the schema's"),
    Code("SM204", "a key that is missing"),
    Code("SM205", "a word that is none of those possible"),
    Code("SM206", "a text that does not have the form of a name, a locale …"),
    Code("SM207", "a number, text or list out of bounds, or an item that stands twice in a list"),
    Code("SM208", "a key that does not apply to that type of field"),
    Code("SM209", "a value that does not fit the schema of its kind otherwise"),
    Code("SM210", "a kind that does not exist"),
    Code("SM301", "two names that would be one in SQL or in GraphQL"),
    Code("SM302", "a field that does not exist"),
    Code("SM303", "an object that does not exist, or cannot be referred to so"),
    Code("SM304", "a role that does not exist"),
    Code("SM305", "a group of fields that does not exist"),
    Code("SM306", "a reserved name"),
    Code("SM307", "a plural that is the same word as the singular"),
    Code("SM308", "keys of a field that do not fit each other"),
    Code("SM309", "a currency, time zone, country or locale that does not exist"),
    Code("SM311", "a derived GraphQL name that is already taken"),
    Code("SM312", "options that are missing, or an option set that does not exist"),
    Code("SM315", "a role that inherits itself"),
    Code("SM316", "two things renamed from one"),
    Code("SM401", "presets that extend each other"),
    Code("SM402", "a preset or folder to extend that does not exist"),
    Code("SM403", "the same name twice in one layer"),
    Code("SM404", "something to remove that no layer below has", "warning"),
    Code("SM405", "an overlay that changes the type of a field"),
    Code("SM406", "a place after something that does not exist"),
    Code("SM407", "something removed that is still used"),
    Code("SM408", "the removal of what belongs to core"),
    Code("SM501", "a required field that a role which may create can neither write nor have filled"),
    Code("SM502", "a mask that does not exist, or with wrong numbers"),
    Code("SM503", "a field whose groups are granted differently"),
    Code("SM504", "a role that grants what follows from other rights"),
    Code("SM601", "a key that does not belong to a pipeline of that granularity"),
    Code("SM602", "a stage that does not exist"),
    Code("SM603", "a stage where no record can begin"),
    Code("SM604", "a stage that no record can reach, or a pipeline that cannot be won or lost", "warning"),
    Code("SM605", "a field that a pipeline cannot use so"),
    Code("SM606", "an option that the field does not have"),
    Code("SM607", "a pipeline that does not exist, or is one of another object"),
    Code("SM610", "what a tag cannot have, or not together"),
    Code("SM611", "a record that a tag cannot become so"),
    Code("SM612", "a tag that does not exist, or is one of another object"),
    Code("SM620", "a column, order, measure or group that a saved question cannot have"),
    Code("SM630", "a job that cannot be done so"),
    Code("SM631", "a webhook that cannot tell so"),
    Code("SM632", "a webhook that tells what anybody on the way can read", "warning"),
    Code("SM701", "a condition that does not have the shape of one"),
    Code("SM702", "a condition about a field or relation that does not exist"),
    Code("SM703", "an operator that does not exist, or that the field does not have"),
    Code("SM704", "a value that the field does not take"),
    Code("SM705", "a variable that does not exist"),
    Code("SM706", "a variable that is not of the type of what it stands for"),
    Code("SM710", "an expression that cannot be read"),
    Code("SM711", "an expression that names a field, function or option that does not exist"),
    Code("SM712", "an expression in which something is not of the type that is expected there"),
    Code("SM713", "a computed field that would be computed from itself"),
    Code("SM714", "a rollup of something that cannot be rolled up so"),
    Code("SM715", "a role that reads a computed field and not what it is computed from", "warning"),
    Code("SM801", "a record of user data without the key it is found by"),
    Code("SM802", "a record of user data that the database does not take"),
    Code("SM820", "a recipe for demo data that cannot be read"),
    Code("SM821", "demo data for an object that does not exist"),
    Code("SM822", "demo data of one object described twice"),
    Code("SM823", "demo data that names a field, part, list of words or record that does not exist"),
    Code("SM824", "demo data without a recipe for a required field"),
    Code("SM825", "a part of demo data that has the name of a field"),
    Code("SM826", "demo data that would have to be made before itself"),
    Code("SM827", "a value of demo data that its field does not take"),
    Code("SM828", "a moment of steps for demo data that is none"),
    Code("SM829", "a step of demo data that is refused"),
    Code("SM830", "a line of a story that says nothing, or two things at once"),
    Code("SM831", "what a story says does not hold"),
    Code("SM832", "a story that names a record which it did not make"),
    Code("SM833", "a story that proves a part which does not exist"),
    Code("SM834", "a story that holds without what it proves"),
    Code("SM835", "a part that a story proves and that cannot be taken out"),
    Code("SM901", "configuration that has no effect", "warning"),
    Code("SM910", "a plugin that is not installed"),
    Code("SM911", "a plugin that cannot be imported, or does not fit the hooks"),
    Code("SM912", "a plugin that fails in a hook, or gives what its hook may not give"),
    Code("SM913", "what a plugin says is wrong with a document of one of its kinds"),
    Code("SM914", "a document of a kind that is named and does not exist"),
    Code("SM915", "settings of a plugin that is not used or has none, or settings that are missing"),
)

CODES: Mapping[str, Code] = {each.code: each for each in _ALL}
assert len(CODES) == len(_ALL), "a code stands twice"
