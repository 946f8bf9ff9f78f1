"""The engine's own object `access_log`: what was carried off or unmasked, by whom and when (D26a)."""

ACCESS_LOG = "access_log"
PLURAL = "access_logs"
TABLE = "sm_access_log"

EXPORT, UNMASK = "export", "unmask"
OPERATIONS = (EXPORT, UNMASK)
