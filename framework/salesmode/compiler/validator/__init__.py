"""Documents are held against the schema of their kind; what does not fit is reported and left out.

Takes: Documents as written, and the schemas by kind.
Gives: Documents of the shape of their schema, with text where text is meant.
Rejects when: a key is unknown or missing, a value has the wrong type or form, a kind is unknown (SM2xx).
Modules: contributed (schemas of plugins' kinds), schemas (found and linked), grammar (how keywords are
  checked), meant → faults (in words), shape (the stage), settings (of plugins).
"""

from salesmode.compiler.validator.schemas import (
    Schemas,
    published,
    schemas_with,
    shipped_schemas,
    whole_schemas_of,
)
from salesmode.compiler.validator.settings import settings_of, unset
from salesmode.compiler.validator.shape import check_shapes, check_whole

__all__ = [
    "Schemas",
    "check_shapes",
    "check_whole",
    "published",
    "schemas_with",
    "settings_of",
    "shipped_schemas",
    "unset",
    "whole_schemas_of",
]
