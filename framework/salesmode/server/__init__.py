"""The server: GraphQL over HTTP, WebSocket and Server-Sent Events with authentication, the caller's own
record, languages, health and a console.

Takes: Model, a connected Database, the secret of the tokens.
Gives: `Served` and `application` (ASGI applications), `new_token`.
Rejects when: nobody is signed in (401), or a request is no GraphQL request over HTTP (4xx); the rest is the
  graph room's to answer.
Modules: served → application (settings) → graphql_http (query, accept), event_stream, graphql_ws →
  authentication (tokens) → callers → subscriptions; languages, health, console.
"""
