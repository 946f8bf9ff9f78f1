"""What clients are told, in every language of the engine. Implementers' own texts are labels of the model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Text(Protocol):
    """A text for people: a `Message` of the catalogue here, or a `Label` of the model."""

    def text(self, locale: str) -> str:
        """The text in `locale` (BCP 47), else in its language, else in the first language there is."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A text of the catalogue with its values; a value may itself be a `Text`."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, locale: str) -> str:
        return say(self.key, locale, **self.values)


def say(key: str, locale: str, /, **values: object) -> str:
    """The catalogue's text `key` in `locale`, filled with `values`."""
    texts = CATALOGUE[key]
    template = texts.get(locale) or texts.get(locale.split("-")[0]) or texts["en"]
    return template.format_map({name: _spoken(value, locale) for name, value in values.items()})


def _spoken(value: object, locale: str) -> str:
    speak = getattr(value, "text", None)
    return str(speak(locale)) if callable(speak) else str(value)


CATALOGUE: Mapping[str, Mapping[str, str]] = {
    # Refusals as a whole (DESIGN §5).
    "UNAUTHENTICATED": {"en": "Sign in first.", "zh": "请先登录。"},
    "FORBIDDEN": {"en": "You may not do this.", "zh": "您无权执行此操作。"},
    "NOT_FOUND": {"en": "There is no such record.", "zh": "记录不存在。"},
    "VALIDATION_FAILED": {"en": "Some values are not right.", "zh": "部分内容不符合要求。"},
    "CONFLICT": {"en": "This conflicts with what is stored.", "zh": "与已有数据冲突。"},
    "STAGE_BLOCKED": {"en": "The record may not move there yet.", "zh": "暂时不能进入该阶段。"},
    "QUERY_TOO_COMPLEX": {"en": "The query is too complex.", "zh": "查询过于复杂。"},
    "RATE_LIMITED": {"en": "Too many requests; try again later.", "zh": "请求过于频繁，请稍后再试。"},
    "BAD_REQUEST": {"en": "The request is not right.", "zh": "请求有误。"},
    "INTERNAL": {"en": "Something went wrong on our side.", "zh": "系统内部错误。"},
    # Plugins.
    "plugin_failed": {
        "en": "The plugin '{plugin}' failed; nothing was written.",
        "zh": "插件“{plugin}”出错，未写入任何内容。",
    },
    "plugin_too_slow": {
        "en": "The plugin '{plugin}' took too long; nothing was written.",
        "zh": "插件“{plugin}”超时，未写入任何内容。",
    },
    "plugin_circle": {
        "en": "The plugin '{plugin}' is called by its own writes again and again; nothing was written.",
        "zh": "插件“{plugin}”被自身的写入反复触发，未写入任何内容。",
    },
    # Shape of a value.
    "required": {"en": "This is required.", "zh": "此项必填。"},
    "not_text": {"en": "A text is expected.", "zh": "应为文本。"},
    "not_an_integer": {"en": "A whole number is expected.", "zh": "应为整数。"},
    "not_a_number": {
        "en": "An exact number is expected, as a string or an integer.",
        "zh": "应为精确数字（字符串或整数）。",
    },
    "not_a_boolean": {"en": "true or false is expected.", "zh": "应为 true 或 false。"},
    "not_a_date": {"en": "A date like 2026-01-31 is expected.", "zh": "应为日期，如 2026-01-31。"},
    "not_a_datetime": {
        "en": "A time with its zone like 2026-01-31T08:00:00Z is expected.",
        "zh": "应为带时区的时间，如 2026-01-31T08:00:00Z。",
    },
    "not_an_id": {"en": "An id is expected.", "zh": "应为记录编号。"},
    "not_a_list": {"en": "A list is expected.", "zh": "应为列表。"},
    "not_json": {"en": "This is not JSON.", "zh": "不是有效的 JSON。"},
    "not_an_email": {"en": "This is not an e-mail address.", "zh": "不是有效的邮箱地址。"},
    "not_a_phone": {"en": "This is not a phone number.", "zh": "不是有效的电话号码。"},
    "not_a_url": {"en": "This is not a web address.", "zh": "不是有效的网址。"},
    "bad_characters": {
        "en": "The text holds characters that cannot be stored.",
        "zh": "文本含有无法存储的字符。",
    },
    "too_long": {"en": "At most {max} characters are allowed.", "zh": "最多 {max} 个字符。"},
    "too_many_places": {"en": "At most {scale} decimal places are allowed.", "zh": "最多 {scale} 位小数。"},
    "out_of_range": {"en": "The number is too large to be stored.", "zh": "数值超出可存储范围。"},
    "below_min": {"en": "At least {min} is expected.", "zh": "不能小于 {min}。"},
    "above_max": {"en": "At most {max} is expected.", "zh": "不能大于 {max}。"},
    "unfit": {"en": "{why}", "zh": "{why}"},  # in the words of a plugin's type
    "pattern": {"en": "The text does not have the expected form.", "zh": "格式不符合要求。"},
    "unknown_option": {"en": "There is no option '{value}'.", "zh": "没有选项“{value}”。"},
    "unknown_role": {"en": "There is no role '{value}'.", "zh": "没有角色“{value}”。"},
    "name_of_the_engine": {
        "en": "The name '{value}' is the engine's own.",
        "zh": "“{value}”是系统保留的名称。",
    },
    "inactive_option": {"en": "The option '{value}' is no longer used.", "zh": "选项“{value}”已停用。"},
    # Rules about a row.
    "readonly": {"en": "This cannot be written.", "zh": "此项不可写入。"},
    "not_found": {"en": "There is no such record.", "zh": "记录不存在。"},
    "where": {"en": "This record cannot be chosen here.", "zh": "此处不能选择该记录。"},
    "option_when": {"en": "The option '{value}' is not available here.", "zh": "此处不能选择“{value}”。"},
    "not_unique": {"en": "There is already a record with this value.", "zh": "已存在相同的记录。"},
    "restricted": {"en": "Other records still refer to this one.", "zh": "仍有其他记录引用该记录。"},
    "version": {"en": "The record was changed by someone else meanwhile.", "zh": "该记录已被他人修改。"},
    "locked": {"en": "This cannot be changed on this record.", "zh": "该记录的此项不可修改。"},
    "check": {"en": "The record would not be one that you may write.", "zh": "修改后的记录超出您的权限。"},
    "tag_by_rule": {
        "en": "This tag is kept by a rule; it is not set or removed by hand.",
        "zh": "该标签由规则维护，不能手动设置或移除。",
    },
    "tag_stays": {"en": "'{tag}' does not become a record.", "zh": "“{tag}”不能转为商机。"},
    "not_an_object": {"en": "An object with named values is expected.", "zh": "应为带名称的对象。"},
    "one_grantee": {"en": "Name one user or one team.", "zh": "请指定一个用户或一个团队。"},
    "only_credit": {"en": "Only credit has a share.", "zh": "只有绩效才有分成比例。"},
    "too_much_credit": {
        "en": "The shares of credit are at most 100 % together; {left} % are left.",
        "zh": "绩效分成合计不能超过 100%，剩余 {left}%。",
    },
    # What is in the way of a record that moves (RULING 37).
    "stage_required": {"en": "'{stage}' needs this to be filled.", "zh": "进入“{stage}”前须填写此项。"},
    "stage_skip": {"en": "The stage '{stage}' cannot be skipped.", "zh": "不能跳过阶段“{stage}”。"},
    "stage_back": {"en": "No way leads back from '{stage}'.", "zh": "不能从“{stage}”退回。"},
    "stage_next": {"en": "'{stage}' does not follow here.", "zh": "当前阶段之后不能进入“{stage}”。"},
    "stages_in_circle": {
        "en": "The stages make each other's records without end.",
        "zh": "各阶段相互生成记录，没有终止。",
    },
    "stage_there": {"en": "The record is in '{stage}' already.", "zh": "记录已处于“{stage}”。"},
    "stage_role": {
        "en": "Your roles may not move a record to '{stage}'.",
        "zh": "您的角色不能将记录移至“{stage}”。",
    },
    "stage_reopen": {
        "en": "Your roles may not reopen what is closed as '{stage}'.",
        "zh": "您的角色不能重新打开已处于“{stage}”的记录。",
    },
    "stage_branch": {"en": "This record has no stage '{stage}'.", "zh": "该记录没有阶段“{stage}”。"},
    "stage_closed": {"en": "The record is closed: '{stage}'.", "zh": "记录已关闭：“{stage}”。"},
    "stage_start": {"en": "No record begins in '{stage}'.", "zh": "记录不能从“{stage}”开始。"},
    "not_in_pipeline": {"en": "Records of this kind do not have this.", "zh": "此类记录没有此项。"},
    # Requests.
    "unknown_name": {"en": "There is no '{name}' here.", "zh": "此处没有“{name}”。"},
    "null_operand": {
        "en": "'{name}' cannot be compared with null; use isNull.",
        "zh": "“{name}”不能与空值比较，请使用 isNull。",
    },
    "null_filter": {"en": "A filter cannot be null.", "zh": "筛选条件不能为空值。"},
    "not_identifying": {
        "en": "`by` names fields that are together unique and that you may read.",
        "zh": "by 必须是共同唯一且您可读取的字段。",
    },
    "no_nested_upsert": {"en": "An upsert takes no nested records.", "zh": "upsert 不接受嵌套记录。"},
    "not_transferable": {"en": "Not all of these can be handed over.", "zh": "其中有不能移交的对象。"},
    "linked_already": {
        "en": "A nested record belongs to the record around it; it cannot name another.",
        "zh": "嵌套记录属于其外层记录，不能另外指定。",
    },
    "nested_create": {
        "en": "Nested records are written as {{create: [...]}}.",
        "zh": "嵌套记录应写作 {{create: [...]}}。",
    },
    "empty_filter": {"en": "The filter of '{name}' says nothing.", "zh": "“{name}”的筛选条件为空。"},
    "circle": {"en": "A record cannot lie below itself.", "zh": "记录不能位于自身之下。"},
    "two_bounds": {"en": "'between' takes two values.", "zh": "between 需要两个值。"},
    "one_order_key": {
        "en": "Each entry of orderBy names one field.",
        "zh": "orderBy 的每一项只能有一个字段。",
    },
    "one_group": {
        "en": "Each entry of groupBy is one field, with `by` for dates, or one reference.",
        "zh": "groupBy 的每一项是一个字段（日期可带 by）或一个引用。",
    },
    "group_twice": {"en": "groupBy names a field twice.", "zh": "groupBy 中有重复的字段。"},
    "no_bucket": {"en": "'{name}' cannot be put into such buckets.", "zh": "“{name}”不能按此方式分段。"},
    "not_grouped": {"en": "'{name}' is not grouped by.", "zh": "“{name}”不在 groupBy 中。"},
    "no_period": {
        "en": "The report is not about a period, so it cannot be asked for one.",
        "zh": "该报表不按周期统计，不能指定日期。",
    },
    "too_many_groups": {
        "en": "There are more than {max} groups: give `first`, or narrow `where` or `groupBy`.",
        "zh": "分组超过 {max} 个：请给出 first，或缩小 where 或 groupBy 的范围。",
    },
    "page_size": {"en": "A page has between 0 and {max} records.", "zh": "每页记录数应在 0 到 {max} 之间。"},
    "page_offset": {"en": "An offset is not negative.", "zh": "offset 不能为负。"},
    "page_directions": {
        "en": "Page in one direction: first with after, last with before, or first with offset.",
        "zh": "只能单向翻页：first 与 after、last 与 before，或 first 与 offset。",
    },
    "foreign_cursor": {
        "en": "This cursor belongs to another list or order.",
        "zh": "该游标不属于此列表或排序。",
    },
    "limit": {"en": "The limit of {limit} is {max}.", "zh": "超出限制：{limit} 最多为 {max}。"},
    "too_deep": {"en": "The query is nested too deeply.", "zh": "查询嵌套过深。"},
    "too_slow": {
        "en": "The limit of statement time is {max} s; the query takes longer.",
        "zh": "查询耗时超出单条语句的时间限制（{max} 秒）。",
    },
    "rate": {
        "en": "The limit of rate is {max} operations per second; there is room again in {seconds} s.",
        "zh": "超出请求频率限制：每秒最多 {max} 次操作，请在 {seconds} 秒后重试。",
    },
    "get_reads": {"en": "GET only reads; send a mutation by POST.", "zh": "GET 只能查询，修改请用 POST。"},
    "not_acceptable": {
        "en": "Answers are application/graphql-response+json or application/json.",
        "zh": "响应仅支持 application/graphql-response+json 或 application/json。",
    },
    "not_json_request": {
        "en": "Send application/json in UTF-8.",
        "zh": "请以 UTF-8 编码的 application/json 发送请求。",
    },
    "bad_parameters": {
        "en": "A request has a text 'query', and may have objects 'variables' and 'extensions' and a text "
        "'operationName'.",
        "zh": "请求须包含文本 query，可包含对象 variables、extensions 和文本 operationName。",
    },
    "wrong_method": {"en": "Use POST, or GET to read.", "zh": "请使用 POST，仅查询时可用 GET。"},
    "body_too_large": {
        "en": "The limit of a request's body is {max} bytes.",
        "zh": "请求内容不能超过 {max} 字节。",
    },
    "subscribe": {
        "en": "Subscribe by WebSocket (graphql-transport-ws) or by asking for text/event-stream.",
        "zh": "请通过 WebSocket（graphql-transport-ws）或 text/event-stream 订阅。",
    },
    "no_export": {"en": "You may not export '{object}'.", "zh": "您无权导出“{object}”。"},
    "taken_today": {
        "en": "Only {left} of the {limit} records that may be taken in a day are left.",
        "zh": "每日可获取 {limit} 条记录，今天还剩 {left} 条。",
    },
    "subscription_lost": {
        "en": "The subscription could not keep up; ask again.",
        "zh": "订阅未能及时接收，请重新订阅。",
    },
    "one_request": {
        "en": "Send one request at a time; a list of requests (batching) is not taken.",
        "zh": "每次只能发送一个请求，不支持批量请求列表。",
    },
}
