"""`salesmode demo [PRESET]`: a CRM with data, users, tokens and a query to paste."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from uvicorn.loops.auto import auto_loop_factory

from salesmode.cli.compiled import Compiled, compiled
from salesmode.cli.demo_data import ready
from salesmode.cli.demo_greeting import Person, greet
from salesmode.cli.demo_place import Place, place_of
from salesmode.cli.presets import known_preset
from salesmode.cli.project import opened
from salesmode.cli.secret import kept_secret
from salesmode.cli.serving import HOST, PORT, HostOption, PortOption, address, listening, serve_until_stopped
from salesmode.demo.population import Size
from salesmode.server.application import application
from salesmode.server.tokens import new_token

app = typer.Typer(add_completion=False)
