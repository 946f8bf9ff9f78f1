"""`grantCustomer` and `revokeCustomer`: their arguments (D26)."""

from collections.abc import Mapping
from typing import Any

from salesmode.graph.blueprint import required

_WHICH: Mapping[str, Any] = {"id": required("ID"), "user": "ID", "team": "ID", "right": required("Right")}

GRANT_ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "grant": {**_WHICH, "share": "Decimal", "until": "Date"},
    "revoke": _WHICH,
}
