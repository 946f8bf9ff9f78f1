"""The server: GraphQL over HTTP with authentication, the caller's own record, languages, health and a
console.

Takes: Model, a connected Database, the secret of the tokens.
Gives: `application` (a Starlette application), `new_token`.
Rejects when: nobody is signed in (401), or a request is no GraphQL request over HTTP (4xx); the rest is the
  graph room's to answer.
Modules: application → graphql_http (request, accept, reply) → authentication (tokens) → callers (profile) →
  languages; health, console.
"""
