"""What people are told: refusals in the caller's language, reasons and tasks in the app's first one."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from salesmode.hookspecs import Problem, Refusal
from salesmode.model.app import Model
from salesmode.model.label import Label

_TEXTS: Mapping[str, Mapping[str, str]] = {
    # Refusals.
    "not_pooled": {
        "en": "The record is not in a pool: somebody was quicker, or it was never there.",
        "zh": "该记录不在公海中：可能已被他人领取。",
    },
    "role": {
        "en": "Your roles do not allow this in the pool {pool}.",
        "zh": "您的角色无权对公海“{pool}”执行此操作。",
    },
    "per_day": {
        "en": "The limit is {most} claims a day; you can claim again from {free}.",
        "zh": "每天最多领取 {most} 条；{free} 起可再次领取。",
    },
    "hold": {
        "en": "The limit is {most} records at a time and you have {have}; release one to claim again.",
        "zh": "最多同时持有 {most} 条，您已持有 {have} 条；释放后可再次领取。",
    },
    "cool_down": {
        "en": "You had this record before; you can claim it again from {free}.",
        "zh": "您曾是该记录的负责人；{free} 起可再次领取。",
    },
    "no_pool": {"en": "No pool takes this record.", "zh": "没有可接收该记录的公海。"},
    "unknown_pool": {
        "en": "There is no pool {pool} for this record.",
        "zh": "该记录没有名为“{pool}”的公海。",
    },
    "not_owner": {
        "en": "Only the owner of the record can do this.",
        "zh": "只有该记录的负责人可以执行此操作。",
    },
    "already_pooled": {"en": "The record is in a pool already.", "zh": "该记录已在公海中。"},
    "not_active": {"en": "This user is not active.", "zh": "该用户已停用。"},
    "nothing_to_decide": {
        "en": "There is nothing to decide: the record is not about to go back.",
        "zh": "该记录未进入回收倒计时，无需决定。",
    },
    "not_keepable": {
        "en": "The record cannot be kept any longer; it goes back at {free}.",
        "zh": "该记录不能再保留，将于 {free} 回收。",
    },
    "too_long": {"en": "At most {most} characters are allowed.", "zh": "最多 {most} 个字符。"},
    "system": {"en": "Only a user can claim a record.", "zh": "只有用户可以领取记录。"},
    "same_user": {"en": "Somebody cannot hand over to themselves.", "zh": "不能移交给本人。"},
    "nobody_receives": {
        "en": "Nobody receives {count} of the records of {object}: no routing rule and no pool takes them.",
        "zh": "“{object}”有 {count} 条记录无人接收：没有适用的分配规则或公海。",
    },
    "nobody_receives_some": {
        "en": "Nobody receives some of the records: no routing rule and no pool takes them.",
        "zh": "有些记录无人接收：没有适用的分配规则或公海。",
    },
    "undone_already": {"en": "This hand-over was undone at {at}.", "zh": "该交接已于 {at} 撤销。"},
    "no_rule": {
        "en": "There is no routing rule '{name}'; rules: {known}.",
        "zh": "没有名为“{name}”的分配规则；现有规则：{known}。",
    },
    "no_object": {"en": "There is no object '{name}'.", "zh": "没有名为“{name}”的对象。"},
    "no_days": {
        "en": "'{days}' is no number of days from 1 to 3660.",
        "zh": "“{days}”不是 1 到 3660 之间的天数。",
    },
    # Reasons of decisions.
    "by_round_robin": {"en": "next in turn of {count} in '{group}'", "zh": "“{group}”{count} 人轮流"},
    "by_weighted": {"en": "next by weight of {count} in '{group}'", "zh": "“{group}”{count} 人按权重分配"},
    "by_least_load": {
        "en": "fewest records ({load}) of {count} in '{group}'",
        "zh": "“{group}”{count} 人中负载最少（{load} 条）",
    },
    "by_score": {
        "en": "most points ({score}) of {count} in '{group}'",
        "zh": "“{group}”{count} 人中得分最高（{score} 分）",
    },
    "nobody_fits": {"en": "nobody fits or has room", "zh": "无人符合条件或有余量"},
    "fits": {"en": "fits", "zh": "符合"},
    "is_full": {"en": "has {load} of {capacity} records", "zh": "已有 {load}/{capacity} 条"},
    "weighs_nothing": {"en": "has no weight", "zh": "权重为零"},
    # Tasks and moves.
    "task_notice": {
        "en": "{title} goes back to the pool on {at}: work on it or give it up",
        "zh": "{title} 将于 {at} 回收至公海，请跟进或放弃",
    },
    "task_decide": {
        "en": "{title}: keep it for a last attempt or give it up by {at}",
        "zh": "{title}：请于 {at} 前决定保留或放弃",
    },
    "task_attempt": {"en": "Last attempt: {title}", "zh": "最后一次努力：{title}"},
    "task_escalated": {
        "en": "Not touched in time: {title} ({owner})",
        "zh": "超时未跟进：{title}（{owner}）",
    },
    "taken_without_owner": {"en": "it has no owner", "zh": "没有负责人"},
}


def text(key: str, **values: object) -> Label:
    """In every language there is."""
    return Label({locale: each.format_map(_spoken(values, locale)) for locale, each in _TEXTS[key].items()})


def _spoken(values: Mapping[str, object], locale: str) -> Mapping[str, object]:
    """Labels among the values in that language."""
    return {name: each.text(locale) if isinstance(each, Label) else each for name, each in values.items()}


def said(model: Model, key: str, **values: object) -> str:
    """In the app's first language."""
    return text(key, **values).text(model.app.locales[0])


def moment(model: Model, at: datetime) -> str:
    """As a clock on the app's wall shows it."""
    return f"{at.astimezone(ZoneInfo(model.app.timezone)):%Y-%m-%d %H:%M}"


def problem(argument: str, key: str, *, item: int | None = None, **values: object) -> Problem:
    """About an argument, or one item of it."""
    return Problem((argument,) if item is None else (argument, item), key, text(key, **values))


def refusal(code: str, *problems: Problem) -> Refusal:
    """With the first problem as the sentence of the whole."""
    return Refusal(code, problems[0].message, problems=problems)  # type: ignore[arg-type]


def title_fields(model: Model, object_: str) -> tuple[str, ...]:
    """The fields that make the title of a record."""
    pieces = model.object(object_).title.split("{")[1:]
    return tuple(piece.partition("}")[0] for piece in pieces)
