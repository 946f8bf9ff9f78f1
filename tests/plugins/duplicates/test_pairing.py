"""Which records are likely the same: keys that make two worth comparing, and points for and against."""

from collections.abc import Mapping

from benchmarks.duplicate_records import generated
from benchmarks.duplicates import RULES, found, quality
from salesmode_duplicates.forms import Prepared, prepared
from salesmode_duplicates.keys import hashed, keys_of
from salesmode_duplicates.pairing import CROWD, pairs_among
from salesmode_duplicates.rules import MatchRule
from salesmode_duplicates.scoring import score
from tests.plugins.duplicates.rules import compare, rule

PHONE = compare("phone", "phone", 50, fields="phone second_phone")
NAME = compare("name", "person", 35, 30)
BIRTHDAY = compare("birthday", "date", 40, 40)
HOUSEHOLDS = rule(PHONE, NAME)


def record(id_: str, of: MatchRule = HOUSEHOLDS, **values: object) -> Prepared:
    return prepared(of, {"id": id_, **values})


def told(of: MatchRule, records: Mapping[str, Mapping[str, object]]) -> list[tuple[str, str, int]]:
    all_ = [record(id_, of, **values) for id_, values in records.items()]
    return [(each.first, each.second, each.score.points) for each in pairs_among(of, all_)]


def test_points_for_what_agrees_and_against_what_contradicts() -> None:
    one = record("1", phone="+8613812345678", name="李伟")
    for other, points in (
        (record("2", phone="+8613812345678", name="李伟"), 85),
        (record("3", phone="+8613812345678", name="王芳"), 20),
        (record("4", phone="+8613812345678"), 50),
        (record("5", name="李伟"), 35),
        (record("6", name="王芳"), 0),
    ):
        assert score(HOUSEHOLDS, one, other).points == points


def test_evidence_leaves_out_what_could_not_be_compared() -> None:
    found_ = score(HOUSEHOLDS, record("1", phone="+8613812345678", name="李伟"), record("2", name="李伟"))
    assert [(each.comparison.name, each.points) for each in found_.evidence] == [("name", 35)]


def test_any_field_of_a_comparison_may_agree_with_any_of_the_other() -> None:
    records = {
        "1": {"phone": "+8613812345678", "name": "李伟"},
        "2": {"phone": "+8613900000001", "second_phone": "+8613812345678", "name": "Wei Li"},
    }
    assert told(HOUSEHOLDS, records) == [("1", "2", 82)]


def test_records_without_a_common_key_are_not_compared() -> None:
    names_only = rule(compare("name", "person", 100), PHONE)
    assert told(names_only, {"1": {"name": "李伟"}, "2": {"name": "李伟"}}) == []


def test_values_may_make_worth_comparing_only_together() -> None:
    together = rule(NAME, BIRTHDAY, blocks=[("name", "birthday")])
    same = {"name": "李伟", "birthday": "1990-02-03"}
    records = {"1": same, "2": {**same, "name": "Li Wei"}, "3": {**same, "birthday": "1991-02-03"}}
    assert told(together, records) == [("1", "2", 72)]
    assert keys_of(together, record("4", together, name="李伟")) == {}


def test_a_key_of_a_crowd_is_left_aside() -> None:
    crowd = {str(at): {"phone": "+8613812345678", "name": "李伟"} for at in range(CROWD)}
    assert len(told(HOUSEHOLDS, crowd)) == CROWD * (CROWD - 1) // 2
    crowd["one more"] = {"phone": "+8613812345678", "name": "李伟"}
    assert told(HOUSEHOLDS, crowd) == []


def test_stored_keys_tell_nothing_of_the_value_and_differ_by_rule_and_block() -> None:
    keys = {
        hashed("household", "same", "phone", "+8613812345678"),
        hashed("household", "same", "fax", "+8613812345678"),
        hashed("household", "other", "phone", "+8613812345678"),
        hashed("lead", "same", "phone", "+8613812345678"),
    }
    assert len(keys) == 4
    assert all(len(each) == 24 and "13812345678" not in each for each in keys)


def test_a_company_is_found_by_one_of_its_keys_after_any_slip() -> None:
    companies = rule(compare("name", "company", 100))
    whole = "上海鼎信机械有限公司"
    keys = set(keys_of(companies, record("1", companies, name=whole))["name"])
    for other in ("鼎信机械（上海）有限公司", "上海鼎信机械", "Shang Hai Ding Xin Ji Xie", "上海鼎信机戒公司",
                  "上海鼎信机公司", "上海丁信机械有限公司"):  # fmt: skip
        assert keys & set(keys_of(companies, record("2", companies, name=other))["name"]), other


def test_known_duplicates_are_found_and_strangers_are_not() -> None:
    made = generated(6_000, 5)
    for name, records in (("companies", made.companies), ("households", made.households)):
        same = frozenset(each for each in made.same if each[0][0] == name[0])
        pairs, compared = found(RULES[name], records)
        precision, recall = quality(pairs, same)
        assert precision > 0.98
        assert recall > 0.95
        assert compared < 20 * len(records)
