// Apollo Client: its own __typename and cache keys, mutations, errors with codes, subscriptions.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

import { CREATE, HEADERS, LIST, SOCKET, URL, WATCH, untilHeard } from "./crm.mjs";

const client = new ApolloClient({
  link: new HttpLink({ uri: URL, headers: HEADERS }),
  cache: new InMemoryCache(),
});
const socket = createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams: HEADERS, retryAttempts: 0 });
const live = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() });

after(async () => {
  client.stop();
  live.stop();
  await socket.dispose();
});

test("what is created is listed, and kept in the cache by its id", async () => {
  const { data } = await client.mutate({ mutation: gql(CREATE), variables: { name: "apollo" } });
  const made = data.createCustomer.customer;
  const where = { id: { eq: made.id } };
  const listed = await client.query({ query: gql(LIST), variables: { where } });
  assert.equal(listed.data.customers.totalCount, 1);
  assert.equal(client.cache.extract()[`Customer:${made.id}`].name, "apollo");
});

test("what is refused has a code and the problems", async () => {
  const mutation = gql("mutation { createCustomer(input: {}) { id } }");
  await assert.rejects(client.mutate({ mutation }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.equal(error.errors[0].extensions.code, "VALIDATION_FAILED");
    return error.errors[0].extensions.problems.length > 0;
  });
});

test("changes arrive by the link for graphql-ws", async () => {
  const where = { name: { eq: "apollo live" } };
  let subscription;
  const heard = new Promise((next, error) => {
    subscription = live.subscribe({ query: gql(WATCH), variables: { where } }).subscribe({ next, error });
  });
  const { data } = await untilHeard(heard, "apollo live");
  subscription.unsubscribe();
  assert.equal(data.customerChanged.operation, "created");
  assert.equal(data.customerChanged.record.name, "apollo live");
});
