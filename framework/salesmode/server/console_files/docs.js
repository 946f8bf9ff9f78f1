// The schema as pages to click through.

import { named, spelled } from './schema.js'

export class Docs {
  constructor({ search, trail, page }) {
    this.search = search
    this.trail = trail
    this.page = page
    this.visited = []
    search.addEventListener('input', () => this.show())
  }

  open(schema) {
    this.schema = schema
    this.visited = this.visited.filter((name) => schema.types.has(name))
    this.show()
  }

  visit(name) {
    const at = this.visited.indexOf(name)
    this.visited = at < 0 ? [...this.visited, name] : this.visited.slice(0, at + 1)
    this.search.value = ''
    this.show()
  }

  show() {
    if (!this.schema) return
    this.trail.replaceChildren(...this.crumbs())
    const wanted = this.search.value.trim().toLowerCase()
    const type = this.schema.types.get(this.visited.at(-1))
    this.page.replaceChildren(...(wanted ? this.matches(wanted) : type ? this.type(type) : this.roots()))
  }

  crumbs() {
    const start = link('Schema', () => { this.visited = []; this.show() })
    return [start, ...this.visited.flatMap((name) => [' › ', link(name, () => this.visit(name))])]
  }

  roots() {
    const roots = Object.entries(this.schema.roots).filter(([, type]) => type)
    return [list(roots.map(([kind, type]) => [[kind + ': ', this.link(type.name)], '']))]
  }

  matches(wanted) {
    const found = []
    for (const type of this.schema.types.values()) {
      if (type.name.startsWith('__')) continue
      if (type.name.toLowerCase().includes(wanted)) found.push([[this.link(type.name)], type.description])
      for (const each of type.fields ?? type.inputFields ?? []) {
        if (each.name.toLowerCase().includes(wanted)) found.push([[this.link(type.name), '.' + each.name], each.description])
      }
      if (found.length > 100) break
    }
    return [list(found)]
  }

  type(type) {
    const title = element('h2', type.name)
    const text = element('p', type.description ?? '')
    const values = (type.enumValues ?? []).map((each) => [[each.name], each.description])
    const kinds = (type.possibleTypes ?? []).map((each) => [[this.link(each.name)], ''])
    const members = (type.fields ?? type.inputFields ?? []).map((each) => this.member(each))
    return [title, text, list([...members, ...values, ...kinds])]
  }

  member(each) {
    const said = [each.name, ...this.arguments(each.args ?? []), ': ', this.typed(each.type)]
    return [said, each.description]
  }

  arguments(args) {
    if (!args.length) return []
    const lines = args.flatMap((each) => [line([each.name + ': ', this.typed(each.type)])])
    return ['(', ...lines, ')']
  }

  typed(type) {
    const name = named(type)
    const [before, after] = spelled(type).split(name)
    const whole = document.createElement('span')
    whole.append(before, this.link(name), after)
    return whole
  }

  link(name) {
    return link(name, () => this.visit(name))
  }
}

function list(entries) {
  const whole = document.createElement('dl')
  for (const [term, text] of entries) {
    const name = document.createElement('dt')
    name.append(...term)
    whole.append(name)
    if (text) whole.append(element('dd', text))
  }
  return whole
}

function line(parts) {
  const whole = document.createElement('div')
  whole.className = 'args'
  whole.append(...parts)
  return whole
}

function link(text, follow) {
  const anchor = element('a', text)
  anchor.href = '#'
  anchor.addEventListener('click', (event) => { event.preventDefault(); follow() })
  return anchor
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
