"""A small app that stories are told about."""

from salesmode.compiler import Compiled, compile_texts

SHOP = """
kind: app
name: shop
locales: [en]
currency: EUR
---
kind: object
name: customer
owned: true
fields:
  name: {type: text, required: true}
  grade: {type: choice, options: [a, b]}
  credit: {type: money}
  secret_note: {type: text}
  since: {type: date}
  wants: {type: multi_choice, options: [tea, cake]}
  parent: {type: reference, to: customer, inverse: branches, tree: true}
validations:
  - {name: no_credit_for_b, when: {grade: b}, must: {credit: {isNull: true}}, message: Grade b has no credit}
---
kind: role
name: clerk
objects:
  customer:
    read: {where: {owner: $user.id}}
    create: true
    update: {where: {owner: $user.id}}
    fields: {default: write, secret_note: none}
  user: {read: true, fields: {default: read}}
---
kind: user_data
name: people
object: user
by: [name]
records:
  - {name: ann, active: true, roles: [clerk]}
  - {name: bob, active: true, roles: [clerk]}
---
"""


def told(story: str) -> Compiled:
    """The app with this story."""
    return compile_texts({"shop.yaml": SHOP + story})
