"""The texts of a new app."""

from collections.abc import Mapping
from string import Template

_PRESET = """\
kind: app
name: $name
label: $label
version: "0.1.0"
extends: $preset
# Locales, currency, time zone, country and plugins are the preset's, unless they are written here.
"""

_BARE = """\
kind: app
name: $name
label: $label
version: "0.1.0"
locales: [en]
currency: USD
timezone: UTC
"""

_OBJECT = """\
# An object is a table and a GraphQL type. To change one of the preset, write a document with its kind and
# name and only what differs; `salesmode explain OBJECT.FIELD` shows which file gave each part.
kind: object
name: supplier
label: Supplier
title: name
fields:
  name: {type: text, required: true, max_length: 200, searchable: true}
  website: {type: url}
  rating: {type: choice, options: [a, b, c], index: true}
  yearly_volume: {type: money, min: 0}
  notes: {type: long_text}
"""

_ROLE = """\
# What no role grants, nobody sees: not the object, not the field, not its name in the API.
kind: role
name: employee
objects:
  supplier:
    read: true
    create: true
    update: {where: {created_by: $$user.id}}
    fields:
      default: write
      yearly_volume: read
"""

_OF_APP = """\
# What no role grants, nobody but administrators sees. In a role's document:
#   objects: {$name: {read: true, create: true, update: true, fields: {default: write}}}
kind: object
name: $name
label: $label
title: name
fields:
  name: {type: text, required: true, max_length: 200, searchable: true}
  notes: {type: long_text}
"""

IGNORED = """\
salesmode.db*
"""


def object_text(name: str) -> str:
    """The text of a new object."""
    return Template(_OF_APP).substitute(name=name, label=label_of(name))


def files_of(name: str, preset: str | None) -> Mapping[str, str]:
    """File name → text of a new app called `name`."""
    values = {"name": name, "label": label_of(name), "preset": preset}
    texts = {
        "app.yaml": _PRESET if preset else _BARE,
        "objects/supplier.yaml": _OBJECT,
        "roles/employee.yaml": _ROLE,
    }
    return {file: Template(text).substitute(values) for file, text in texts.items()} | {".gitignore": IGNORED}


def label_of(name: str) -> str:
    """The name as people read it."""
    return name.replace("_", " ").capitalize()
