// The audit of GraphQL over HTTP that the maintainers of the specification publish; a warning counts as wrong.
import assert from "node:assert/strict";
import { test } from "node:test";

import { serverAudits } from "graphql-http";

import { HEADERS, URL } from "./crm.mjs";

const fetchFn = (input, init) => fetch(input, { ...init, headers: { ...init?.headers, ...HEADERS } });

for (const audit of serverAudits({ url: URL, fetchFn })) {
  test(`${audit.id} ${audit.name}`, async () => {
    const found = await audit.fn();
    assert.equal(found.status, "ok", found.reason);
  });
}
