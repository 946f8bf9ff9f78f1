"""What `owned: true` adds beside the owner: rights on single records, given to users and teams (D26).

All grants are in one table, `sm_grant`, with a typed reference for each owned object, as activities have
them: so conditions, filters, deletion and foreign keys treat a grant like any other record.
"""

from collections.abc import Mapping
from decimal import Decimal

from salesmode.compiler.analyzer.attached import ENGINE, attached_to, record_link
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.condition import ALWAYS, Compare, Literal, Moment, either
from salesmode.model.field import Field, Option
from salesmode.model.grant import GRANT, GRANTEES, GRANTS, RIGHTS, TABLE
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object

_CURRENT = either(Compare("until", "isNull", Literal(True)), Compare("until", "gte", Moment("today")))
_LABELS: Mapping[str, Mapping[str, str]] = {
    "grant": {"en": "Grant", "zh": "授权"},
    "grants": {"en": "Grants", "zh": "授权"},
    "user": {"en": "User", "zh": "用户"},
    "team": {"en": "Team", "zh": "团队"},
    "right": {"en": "Right", "zh": "权利"},
    "share": {"en": "Share", "zh": "分成比例"},
    "until": {"en": "Until", "zh": "截止日期"},
    "follow": {"en": "Follow up", "zh": "跟进"},
    "view": {"en": "View", "zh": "查看"},
    "collaborate": {"en": "Collaborate", "zh": "协同"},
    "credit": {"en": "Credit", "zh": "绩效"},
}


def grant_object(
    objects: Mapping[str, Object], reporters: Mapping[str, Reporter], maker: FieldMaker
) -> Object:
    """The engine's object `grant`, with a reference to each owned object and to whom the right is given.

    It ends with its record and with its grantee, and counts until the end of its last day.
    """
    owned = [each for each in objects.values() if each.owned]
    own = _own_fields(objects, maker)
    links = {each.name: record_link(each.name, each.label, maker) for each in owned if each.name not in own}
    for each in owned:
        if each.name in own:
            message = f"'{each.name}' is a field of every grant, so '{each.name}' cannot be owned"
            reporters[each.name].error("SM306", message, "owned")
    label, plural_label = _label("grant", maker), _label("grants", maker)
    fields = {**maker.system(ENGINE), **links, **own}
    return Object(
        GRANT, GRANTS, label, plural_label, ENGINE, "{right}", fields, {}, stored_as=TABLE, current=_CURRENT
    )


def with_grants(objects: Mapping[str, Object], grant: Object) -> dict[str, Object]:
    """The objects, and `grant` where some of them are owned; each of those has the inverse `grants`."""

    def inverse(object_: Object) -> Inverse:
        return Inverse(GRANTS, grant.plural_label, GRANT, object_.name)

    return attached_to(objects, grant, lambda each: each.owned, inverse)


def _own_fields(objects: Mapping[str, Object], maker: FieldMaker) -> dict[str, Field]:
    grantees = {name: record_link(name, _label(name, maker), maker) for name in GRANTEES if name in objects}
    options = tuple(Option(name, _label(name, maker), name) for name in RIGHTS)
    return {
        **grantees,
        "right": Field(
            "right", "choice", "right", _label("right", maker), ENGINE, required=ALWAYS, options=options
        ),
        "share": Field(
            "share",
            "percent",
            "share",
            _label("share", maker),
            ENGINE,
            scale=2,
            min=Decimal(0),
            max=Decimal(100),
        ),
        "until": Field("until", "date", "until", _label("until", maker), ENGINE),
    }


def _label(name: str, maker: FieldMaker) -> Label:
    return label_of(_LABELS[name], maker.app.locales, name)
