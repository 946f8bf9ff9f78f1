"""`grantCustomer` and `revokeCustomer`: their arguments (D26)."""

from collections.abc import Mapping

from salesmode.graph.blueprint import required

_WHICH = {"id": required("ID"), "user": "ID", "team": "ID", "right": required("Right")}

GRANT_ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "grant": {**_WHICH, "share": "Decimal", "until": "Date"},
    "revoke": _WHICH,
}
