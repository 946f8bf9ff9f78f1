"""What people are told when something is wrong: an implementer with the place, a client with a code.

Takes: facts (a code, a message, a span; or a refusal code and problems).
Gives: Span, Diagnostic, Collector, MetadataError, render, as_json; Refusal, Problem, Message, Text, say.
Rejects when: never; it only carries and prints what other rooms reject. Imports no other room.
Modules: span, codes, diagnostic, collector, suggest, render; messages, refusal.
"""

from salesmode.diagnostics.collector import Collector, MetadataError
from salesmode.diagnostics.diagnostic import Diagnostic
from salesmode.diagnostics.messages import Message, Text, say
from salesmode.diagnostics.refusal import Problem, Refusal, RefusalCode
from salesmode.diagnostics.render import as_json, render
from salesmode.diagnostics.span import Span
from salesmode.diagnostics.suggest import did_you_mean

__all__ = [
    "Collector",
    "Diagnostic",
    "Message",
    "MetadataError",
    "Problem",
    "Refusal",
    "RefusalCode",
    "Span",
    "Text",
    "as_json",
    "did_you_mean",
    "render",
    "say",
]
