from io import StringIO

from rich.console import Console

from salesmode.demo.bar import loading_bar
from salesmode.demo.generation import generate
from tests.demo.clinics import NOW, clinic_model, described


def test_the_bar_shows_each_object_and_how_much_of_it_is_in() -> None:
    records = list(generate(described(), clinic_model(), size="s", seed=1, now=NOW, locale="zh"))
    console = Console(file=StringIO(), force_terminal=True, width=100)
    with console.capture() as shown, loading_bar(records, console, "en") as told:
        for each in records:
            told(each, len(each.rows))
    text = shown.get()
    assert "users" in text
    assert "4/4" in text
    assert "20/20" in text
