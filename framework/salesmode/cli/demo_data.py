"""Makes a database ready for a demo: its tables, its records, and who may sign in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from salesmode.cli.faults import Fault
from salesmode.cli.user_roles import roles_of
from salesmode.database.driver import Database
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.demo.generation import Records, generate
from salesmode.demo.loading import Told, load
from salesmode.demo.population import Demo, Size
from salesmode.model.app import Model
from salesmode.tables import Tables, tables_of
from salesmode.tables.migrations import apply, as_text
