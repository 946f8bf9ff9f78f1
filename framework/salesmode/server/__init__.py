"""The server: GraphQL over HTTP, WebSocket and Server-Sent Events with authentication, the caller's own
record, languages, health and a console.

Takes: Model, a connected Database, the secret of the tokens or where the keys of others' tokens are.
Gives: `Served` and `application` (ASGI applications), `new_token`, `ApiKeyRows`.
Rejects when: nobody is signed in (401), somebody asks too often (429), or a request is no GraphQL request
  over HTTP (4xx); the rest is the graph room's to answer.
Modules: served → application (settings) → graphql_http (query, accept), event_stream, graphql_ws →
  authentication (tokens, key_sets; api_keys, api_key_rows) → callers → rates → subscriptions; languages,
  work_state → health, metrics; console.
"""
