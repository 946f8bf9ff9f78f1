// graphql-ws and graphql-sse by themselves: subscriptions, plain queries, and who is not signed in.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as sse from "graphql-sse";
import * as ws from "graphql-ws";
import WebSocket from "ws";

import { HEADERS, SOCKET, URL, WATCH, untilHeard } from "./crm.mjs";

const clients = {
  "graphql-ws": () =>
    ws.createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams: HEADERS, retryAttempts: 0 }),
  "graphql-sse": () => sse.createClient({ url: URL, headers: HEADERS, retryAttempts: 0 }),
};

for (const [name, created] of Object.entries(clients)) {
  test(`${name}: changes arrive`, async () => {
    const client = created();
    const heard = client.iterate({ query: WATCH, variables: { where: { name: { eq: `${name} live` } } } });
    const { value } = await untilHeard(heard.next(), `${name} live`);
    await heard.return();
    await client.dispose();
    assert.deepEqual(value.data.customerChanged.operation, "created");
  });

  test(`${name}: a query is one answer`, async () => {
    const client = created();
    const answers = [];
    for await (const each of client.iterate({ query: "{ viewer { name } }" })) answers.push(each);
    await client.dispose();
    assert.deepEqual(answers, [{ data: { viewer: { name: "ann" } } }]);
  });
}

test("graphql-ws: nobody is forbidden", async () => {
  const client = ws.createClient({ url: SOCKET, webSocketImpl: WebSocket, retryAttempts: 0 });
  await assert.rejects(client.iterate({ query: WATCH }).next(), (closed) => closed.code === 4403);
});

test("graphql-sse: nobody is unauthenticated", async () => {
  const client = sse.createClient({ url: URL, retryAttempts: 0 });
  await assert.rejects(client.iterate({ query: WATCH }).next(), /401|Unauthorized/);
});
