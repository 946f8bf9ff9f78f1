"""Plugins by name: found, held against the hooks, asked in order, named where they fail."""

from importlib.metadata import EntryPoint, version
from types import ModuleType, SimpleNamespace
from typing import Any

from salesmode.hookspecs import MetadataKind, hookimpl
from salesmode.plugins import HOOKS, Plugins, Source, available, plugins_of
from tests.support.plugged import plugged


def writing(said: str, **order: bool) -> object:
    @hookimpl(**order)
    def before_write(batch: Any) -> Any:
        return said, batch

    return SimpleNamespace(before_write=before_write)


def asked(plugins: Plugins) -> list[str]:
    return [call(batch=0)[0] for _, call in plugins.calls("before_write")]


def fault(plugin: object) -> tuple[str, str, str | None, str | None]:
    with plugged(x=plugin):
        (found,) = plugins_of(("x",)).faults
        assert plugins_of(("x",)).names == ()
    return found.code, found.message, found.why, found.hint


def test_plugins_are_asked_in_the_order_of_the_app_unless_they_say_otherwise() -> None:
    with plugged(a=writing("a"), b=writing("b"), c=writing("c", trylast=True), d=writing("d", tryfirst=True)):
        assert asked(plugins_of(("c", "b", "a", "d"))) == ["d", "b", "a", "c"]
        assert [each.plugin for each in plugins_of(("b", "a")).calls("before_write")] == ["b", "a"]


def test_a_function_gets_the_arguments_that_it_names() -> None:
    @hookimpl
    def route(ids: Any) -> Any:
        return ids

    with plugged(one=SimpleNamespace(route=route)):
        ((_, call),) = plugins_of(("one",)).calls("route")
    assert call(desk=None, object="lead", ids=("x",)) == ("x",)


def test_a_plugin_may_be_a_module_or_an_object() -> None:
    class Plugin:
        @hookimpl
        def before_write(self, batch: Any) -> Any:
            return "object", batch

    module = ModuleType("module")
    module.before_write = hookimpl(lambda batch: ("module", batch))  # type: ignore[attr-defined]
    with plugged(a=module, b=Plugin()):
        assert asked(plugins_of(("a", "b"))) == ["module", "object"]
    assert fault(Plugin)[1] == "the plugin 'x' is a class"


def test_two_equal_plugins_are_two() -> None:
    with plugged(a=SimpleNamespace(), b=SimpleNamespace(), c=writing("c")):
        plugins = plugins_of(("a", "b", "c"))
        assert (plugins.names, asked(plugins)) == (("a", "b", "c"), ["c"])


def test_what_does_not_fit_the_hooks_is_refused() -> None:
    unfit = "the plugin 'x' does not fit the hooks"
    misspelled = SimpleNamespace(before_writ=hookimpl(lambda batch: None))
    assert fault(misspelled) == (
        "SM911",
        unfit,
        "there is no hook `before_writ`",
        "did you mean 'before_write'?",
    )
    code, message, why, _ = fault(SimpleNamespace(before_write=hookimpl(lambda bach: None)))
    assert (code, message) == ("SM911", unfit)
    assert "bach" in str(why)

    @hookimpl(wrapper=True)
    def before_write(batch: Any) -> Any:
        return (yield)

    assert fault(SimpleNamespace(before_write=before_write))[2] == (
        "it wraps `before_write`; hooks are implemented and not wrapped"
    )


def test_an_installed_plugin_says_where_it_comes_from_and_what_it_implements() -> None:
    plugins = plugins_of(("routing",))
    assert (plugins.names, plugins.faults) == (("routing",), ())
    assert plugins.stamp == (f"routing salesmode {version('salesmode')}",)
    assert {"metadata_kinds", "route"} <= {*plugins.hooks_of("routing")} <= {*HOOKS}
    assert "routing" in available()


def test_of_two_installed_plugins_of_a_name_and_of_one_that_cannot_be_imported_all_is_told() -> None:
    first = Source("twice", "one", "1", EntryPoint("twice", "json", "salesmode"))
    second = Source("twice", "two", "1", EntryPoint("twice", "json", "salesmode"))
    absent = Source("absent", "one", "1", EntryPoint("absent", "no_such_module", "salesmode"))
    plugins = Plugins(("twice", "absent", "none"), {"twice": (first, second), "absent": (absent,)})
    assert {(each.plugin, each.code, each.message, each.why) for each in plugins.faults} == {
        ("twice", "SM911", "the plugin 'twice' is installed twice", "it comes from one and two"),
        (
            "absent",
            "SM911",
            "the plugin 'absent' cannot be imported",
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("none", "SM910", "there is no plugin 'none'", None),
    }


def test_what_a_hook_of_compile_time_gives_is_looked_at_and_the_rest_is_kept() -> None:
    def kind(name: str, schema: Any = None) -> MetadataKind:
        return MetadataKind(name=name, schema=schema or {}, build=lambda reader: None)

    def bringing(answer: Any) -> object:
        return SimpleNamespace(metadata_kinds=hookimpl(lambda: answer))

    def failing() -> Any:
        raise KeyError("x")

    with plugged(
        a=bringing([kind("one"), kind("Two"), kind("role")]),
        b=bringing([kind("one"), kind("three", {"type": "x"})]),
        c=bringing(kind("four")),
        d=SimpleNamespace(metadata_kinds=hookimpl(failing)),
    ):
        plugins = plugins_of(("a", "b", "c", "d"))
    assert {name: [each.name for each in kinds] for name, kinds in plugins.brought.kinds.items()} == {
        "a": ["one"]
    }
    assert [each.plugin for each in plugins.faults] == ["a", "a", "b", "b", "c", "d"]
    assert plugins.faults[-1].why == "KeyError: 'x'"
    assert all(each.code == "SM912" for each in plugins.faults)
