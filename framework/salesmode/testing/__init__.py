"""The test kit: an app running in the test's own process, with a clock that stands still.

Takes: an app as texts, a folder or a Model; plugins of the test; an empty database, or none.
Gives: `crm`, the app with clients by user and role, for a test without an event loop; `Running`, the same for
  who has one; a `Clock` to move; `conformance`, what every plugin has to keep.
Rejects when: the app is wrong; what the API refuses is raised as `Refused`, or comes back as the answer says.
Modules: clock → running; client → kit; described, conformance.
"""

from salesmode.testing.client import Client, Refused
from salesmode.testing.clock import START, Clock
from salesmode.testing.kit import Crm, crm
from salesmode.testing.running import ADMINISTRATOR, Running

__all__ = ["ADMINISTRATOR", "START", "Client", "Clock", "Crm", "Refused", "Running", "crm"]
