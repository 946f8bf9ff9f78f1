// The tables of the console: what is asked, and how an answer becomes rows.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PANELS, Panels, tabled } from "../../framework/salesmode/server/console_files/panels.js";
import { ask } from "./crm.mjs";

const PANEL = {
  title: "Deals",
  rows: "deals.nodes",
  columns: [
    { title: "Name", path: "name" },
    { title: "Firm", path: "firm.name" },
    { title: "Tags", path: "tags.name" },
  ],
};

test("a panel's rows are found by their paths, and what is null is empty", () => {
  const nodes = [
    { name: "A", firm: { name: "Big" }, tags: [{ name: "hot" }, { name: "new" }] },
    { name: 0, firm: null, tags: [] },
  ];
  assert.deepEqual(tabled(PANEL, { deals: { nodes } }), {
    titles: ["Name", "Firm", "Tags"],
    rows: [
      ["A", "Big", "hot, new"],
      ["0", "", ""],
    ],
  });
  assert.deepEqual(tabled(PANEL, { deals: null }).rows, []);
});

test("a panel is offered as a button that asks, and shown as a table", () => {
  globalThis.document = { createElement: (name) => new Element(name) };
  const bar = new Element("nav");
  const table = new Element("table");
  const asked = [];
  const panels = new Panels({ bar, table, asked: (panel) => asked.push(panel) });
  panels.offer([]);
  assert.equal(bar.hidden, true);
  panels.offer([PANEL]);
  assert.equal(bar.hidden, false);
  bar.children[0].heard.click();
  assert.deepEqual(asked, [PANEL]);
  panels.show(PANEL, { deals: { nodes: [{ name: "<b>A</b>", firm: null, tags: [] }] } });
  assert.equal(table.hidden, false);
  const [caption, head, row] = table.children;
  assert.equal(caption.textContent, "Deals: 1");
  assert.deepEqual(head.children.map((each) => each.textContent), ["Name", "Firm", "Tags"]);
  assert.equal(row.children[0].textContent, "<b>A</b>");
});

test("the server knows the question for panels", async () => {
  assert.ok(Array.isArray((await ask(PANELS)).metadata.panels));
});

class Element {
  constructor(name) {
    this.name = name;
    this.children = [];
    this.heard = {};
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  addEventListener(name, hear) {
    this.heard[name] = hear;
  }
}
