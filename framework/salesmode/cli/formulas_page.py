"""The page of the reference about computed fields: what is told of the functions is what the engine knows."""

from salesmode.conditions.formulas.checker import QUOTIENT_SCALE
from salesmode.conditions.formulas.signatures import MEANINGS, SIGNATURES

_ABOVE = """# Computed fields

A `formula` is computed from the record and those that its references lead to, a `rollup` from the records
of one of its to-many relations. Nobody writes either. Each behaves as a field of its result's type in
selections, filters, orders, groups, aggregates, conditions and rights, and has a right of its own: it is
computed from all records, whoever asks, and `salesmode validate` warns where a role reads it and not what
it is computed from.

```yaml
open_amount: {type: rollup, over: opportunities, sum: amount, where: {status: open}}
margin:      {type: formula, result: decimal, expression: "revenue * 0.3 - cost"}
sector:      {type: formula, result: text, expression: "parent.industry"}
```

## Rollups

| key | what it gives |
|---|---|
| `over: RELATION` | the to-many relation whose living records are rolled up |
| `count: true` | how many there are |
| `sum: FIELD` | the sum; of nothing 0. Of integers it is a `big_integer`, else of the field's type |
| `avg: FIELD` | the mean, a `decimal` of 6 places, half to even; of nothing null |
| `min: FIELD`, `max: FIELD` | the smallest and the largest value of numbers, dates and texts |
| `latest: FIELD` | the value in the record that was created last |
| `first: {field: FIELD, by: FIELD}`, `last: …` | the value in the first or last record in that order |
| `where: CONDITION` | which of them count; `$row.FIELD` is a field of the record that has the rollup |
| `under: REFERENCE` | with those of all records below, in the tree that the reference makes |
| `stored: true` | kept in a column |

A field may stand behind references of the related records: `sum: opportunity.amount`. In the order of
`first`, `last` and `latest`, records without a value come last and the id breaks ties.

A stored rollup is brought up to date in the transaction that writes what it is made of, however many write
at once; that counts neither as a new version of the record nor as a change of its history. It is computed
for all records by the `apply` that brings it or changes its definition, and it may have an `index`. It can
follow only from the related records' own columns: no path, no `under`, and a `where` that compares fields
of theirs with written values.

## Formulas

Literals are numbers (`0.3`), texts in quotes (`'won'`, `"it's"`; a backslash makes the next character
plain), `true`, `false` and `null`. A name is a field of the record, `parent.industry` a field behind
references; where one of them is empty or leads to a deleted record it is null. In the order of how tightly
they bind:

| operators | of | give |
|---|---|---|
| `-x` | a number | a number |
| `*` `/` | numbers | a number |
| `+` `-` | numbers | a number |
| `=` `!=` `<` `<=` `>` `>=` | two values of one kind | boolean |
| `not` | boolean | boolean |
| `and` | boolean | boolean |
| `or` | boolean | boolean |

Every value has a kind: `number`, `text` (choices, mails, phones, addresses, automatic numbers too),
`boolean`, `date` or `datetime`. Where a date is expected, a datetime counts as its day in the app's time
zone, and a text as the date that it spells, `'2026-01-31'`. An option of a choice is compared by its name.

Numbers are exact. A sum has as many decimal places as the longest of its parts, a product those of all its
parts together. A quotient is rounded half to even, at the places of the formula or of the `round` that
takes it, else at {quotient}; so is what has more places than the result. A division by zero, and what does
not fit the type of the result, is null.

Null makes null: in arithmetic and in functions, where these do not say otherwise. Conditions are never
null: a comparison with null is false and `!=` is true, null counts as false where a condition is asked for,
and `not` is the complement.

## Functions

"""


def formulas_page() -> str:
    """The whole page."""
    kinds = [f"- `{kind}`: {meaning}" for kind, meaning in MEANINGS.items()]
    rows = [f"| `{each.spelled}` | {each.meaning} |" for each in SIGNATURES.values()]
    above = _ABOVE.replace("{quotient}", f"{QUOTIENT_SCALE} places")
    return above + "\n".join(["| function | value |", "|---|---|", *rows, "", *kinds, ""])
