// urql: queries by POST and by GET, mutations, errors, subscriptions through graphql-ws.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

import { CREATE, HEADERS, LIST, SOCKET, URL, WATCH, untilHeard } from "./crm.mjs";

const socket = createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams: HEADERS, retryAttempts: 0 });
const forwarded = subscriptionExchange({
  forwardSubscription: (request) => ({
    subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? "" }, sink) }),
  }),
});
const client = new Client({
  url: URL,
  fetchOptions: { headers: HEADERS },
  exchanges: [cacheExchange, fetchExchange, forwarded],
  preferGetMethod: false,
});

after(() => socket.dispose());

test("what is created is listed, by POST and by GET", async () => {
  const { data } = await client.mutation(CREATE, { name: "urql" });
  const where = { id: { eq: data.createCustomer.customer.id } };
  for (const preferGetMethod of [false, "force"]) {
    const listed = await client.query(LIST, { where }, { preferGetMethod, requestPolicy: "network-only" });
    assert.equal(listed.error, undefined);
    assert.equal(listed.data.customers.nodes[0].name, "urql");
  }
});

test("what is wrong has a code", async () => {
  const { error } = await client.query("{ nothing }", {});
  assert.equal(error.graphQLErrors[0].extensions.code, "BAD_REQUEST");
});

test("changes arrive", async () => {
  let subscription;
  const heard = new Promise((next) => {
    subscription = client.subscription(WATCH, { where: { name: { eq: "urql live" } } }).subscribe(next);
  });
  const { data } = await untilHeard(heard, "urql live");
  subscription.unsubscribe();
  assert.equal(data.customerChanged.record.name, "urql live");
});
