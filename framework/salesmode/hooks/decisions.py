"""What plugins ask each other: who gets a record, what is earned, what is the same, whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could get a record: why, or why not; `score` where candidates are weighed."""

    user: str
    fits: bool
    reason: str
    score: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who gets a record (D90): a user, or nobody and a pool. `rule` made it; `reason` says why in a
    sentence.
    """

    record: str
    user: str | None
    rule: str
    reason: str
    pool: str | None = None
    candidates: Sequence[Candidate] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What may earn somebody something: `kind` is `won paid refunded activity period ruling`."""

    kind: str
    object: str
    record: str
    on: date
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionLine:
    """One line of the ledger (D79): `amount` is what `user` earns, of `base` by `rate` under `rule` of
    `plan` in its `version`. `trigger`: the record that earned it; `ruling`: the adjudication that gave the
    share.
    """

    user: str
    plan: str
    version: str
    rule: str
    base: Decimal
    rate: Decimal | None
    share: Decimal
    amount: Decimal
    trigger: Trigger
    reason: str
    ruling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchKey:
    """Records of one object with an equal `key` of the same `name` are compared with each other (D92)."""

    record: str
    name: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody says that a record is theirs, and why: `evidence` by kind, each with its moment."""

    user: str
    kind: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whose a record is (D72), in shares that add up to 1; `rule` decided, `reason` says why."""

    record: str
    shares: Mapping[str, Decimal]
    rule: str
    reason: str
