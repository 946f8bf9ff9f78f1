"""What the shell is told: why two records match, and whose a record is by which clause."""

from collections.abc import Mapping

from salesmode.hookspecs import Argument, Command, Desk, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode_duplicates.asked import compared_fields, match_rules, rules_of, ruling_rules
from salesmode_duplicates.forms import prepared
from salesmode_duplicates.keys import keys_of
from salesmode_duplicates.rulings import judge
from salesmode_duplicates.search import matches

_OBJECT = Argument(name="object", help="the object's name")
_ID = Argument(name="id", help="the record's id")

Arguments = Mapping[str, str | None]


def commands() -> tuple[Command, ...]:
    return (
        Command(
            name=("explain", "match"),
            help="The keys of a record, and which records are like it for which reasons.",
            run=explain_match,
            arguments=(_OBJECT, _ID),
        ),
        Command(
            name=("explain", "ruling"),
            help="Whose a record is by which clause of which rule, and what speaks for whom.",
            run=explain_ruling,
            arguments=(_OBJECT, _ID),
        ),
    )


def explain_match(desk: Desk, given: Arguments) -> UnitOf[list[str]]:
    name, id_ = _known(given, match_rules(desk.model), "match_rule")
    records = yield from desk.read(name, compared_fields(desk.model, name), ids=[id_])
    if not records:
        raise Refusal("NOT_FOUND")
    lines: list[str] = []
    for rule in rules_of(desk.model, name):
        lines.append(f"rule {rule.name}: likely from {rule.likely}, certain from {rule.certain}")
        for block, keys in keys_of(rule, prepared(rule, records[0])).items():
            lines += [f"  key {block}: {key}" for key in keys]
    for match in (yield from matches(desk, name, records)):
        sure = "certain" if match.certain else "likely"
        lines.append(f"{match.other}: {match.score.points} points by {match.rule.name}, {sure}")
        for each in match.score.evidence:
            lines.append(f"  {each.comparison.name}: {each.points:+} ({each.likeness:.0%} alike)")
    return lines


def explain_ruling(desk: Desk, given: Arguments) -> UnitOf[list[str]]:
    rules = ruling_rules(desk.model)
    name, id_ = _known(given, rules, "ruling_rule")
    rule = rules[name]
    judgement = yield from judge(desk, rule, id_, desk.now)
    named = {str(each.evidence["clause"]): each for each in judgement.claims}
    lines = [f"rule {rule.name}"]
    for clause in rule.clauses:
        claim = named.get(clause.name)
        who = "nobody" if claim is None else f"{claim.user} {claim.evidence.get('at', '')}".strip()
        lines.append(f"  {clause.name} ({clause.ground}, {clause.share} %): {who}")
    if judgement.ruling is not None:
        lines.append(f"  decided by {judgement.clause}: {judgement.owner}")
        lines += [f"  {user}: {share:.0%}" for user, share in judgement.ruling.shares.items()]
    return lines


def _known(given: Arguments, rules: Mapping[str, object], kind: str) -> tuple[str, str]:
    name, id_ = given["object"] or "", given["id"] or ""
    if name not in rules:
        raise Refusal(
            "BAD_REQUEST", Label({"en": f"no {kind} is about '{name}'", "zh": f"没有关于 {name} 的 {kind}"})
        )
    return name, id_
