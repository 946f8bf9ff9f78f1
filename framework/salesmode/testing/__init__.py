"""The test kit: an app running in the test's own process, with a clock that stands still.

Takes: a Model and an empty database.
Gives: `Running`: its tables made, its user data loaded, requests by any of its users; a `Clock` to move.
Rejects when: nothing of its own; what the API refuses comes back as the answer says it.
Modules: clock; running.
"""

from salesmode.testing.clock import START, Clock
from salesmode.testing.running import ADMINISTRATOR, Running

__all__ = ["ADMINISTRATOR", "START", "Clock", "Running"]
