"""The page of computed fields: it is what `make reference` writes now, and its examples can be read."""

import re
from pathlib import Path

from salesmode.compiler import compile_texts
from salesmode.conditions.formulas.signatures import SIGNATURES
from tests.cli.kit import salesmode

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formulas.md"
APP = """
kind: app
name: app
---
kind: object
name: opportunity
plural: opportunities
fields:
  amount: {{type: money}}
  status: {{type: choice, options: [open, won]}}
  customer: {{type: reference, to: customer, inverse: opportunities}}
---
kind: object
name: customer
fields:
  revenue: {{type: money}}
  cost: {{type: money}}
  industry: {{type: choice, options: [steel]}}
  parent: {{type: reference, to: customer}}
{fields}
"""


def test_the_page_is_what_the_engine_has() -> None:
    said = salesmode("schema", "formulas")
    assert said.code == 0
    assert said.out == PAGE.read_text(encoding="utf-8"), "run `make reference`"


def test_it_names_every_function_and_its_fields_compile() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{each.spelled}`" in text for each in SIGNATURES.values())
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    fields = "".join(f"  {line}\n" for line in block.splitlines())
    customer = compile_texts({"app.yaml": APP.format(fields=fields)}).model.objects["customer"]
    assert [each.name for each in customer.fields.values() if each.computed] == [
        "open_amount",
        "margin",
        "sector",
    ]
