// Where the CRM is served, and who asks: told by run.py.
export const URL = process.env.CRM_URL;
export const SOCKET = URL.replace(/^http/, "ws");
export const HEADERS = { Authorization: `Bearer ${process.env.CRM_TOKEN}` };

export const CREATE = "mutation ($name: String!) { createCustomer(input: {name: $name}) { customer { id name } } }";
export const LIST = "query ($where: CustomerWhere) { customers(where: $where) { nodes { __typename id name } totalCount } }";
export const WATCH = "subscription ($where: CustomerWhere) { customerChanged(where: $where) { operation record { id name } } }";

export async function ask(query, variables) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  const answer = await fetch(URL, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const found = await answer.json();
  if (found.errors) throw new Error(JSON.stringify(found.errors));
  return found.data;
}

// Writes until somebody has heard of it: a subscription begins when the server says so to nobody.
export async function untilHeard(heard, name) {
  let told;
  heard.then((found) => (told = found));
  while (!told) {
    await ask(CREATE, { name });
    await Promise.race([heard, new Promise((done) => setTimeout(done, 100))]);
  }
  return told;
}
