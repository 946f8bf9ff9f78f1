// Tables that plugins bring: each is a question, asked as whoever is signed in.

export const PANELS = '{ metadata { panels { name title query rows columns { title path } } } }'

export class Panels {
  constructor({ bar, table, asked }) {
    this.bar = bar
    this.table = table
    this.asked = asked
  }

  offer(panels) {
    this.bar.hidden = !panels.length
    this.bar.replaceChildren(...panels.map((panel) => this.button(panel)))
    this.close()
  }

  button(panel) {
    const made = cell('button', panel.title)
    made.type = 'button'
    made.addEventListener('click', () => this.asked(panel))
    return made
  }

  show(panel, data) {
    const { titles, rows } = tabled(panel, data)
    const head = row(titles.map((title) => cell('th', title)))
    const body = rows.map((texts) => row(texts.map((text) => cell('td', text))))
    const caption = cell('caption', `${panel.title}: ${rows.length}`)
    this.table.replaceChildren(caption, head, ...body)
    this.table.hidden = false
  }

  close() {
    this.table.hidden = true
  }
}

// The titles of a panel, and the texts of its rows in the data of its question.
export function tabled(panel, data) {
  const found = reached(data, panel.rows)
  const rows = Array.isArray(found) ? found : found === null ? [] : [found]
  return {
    titles: panel.columns.map((column) => column.title),
    rows: rows.map((each) => panel.columns.map((column) => text(reached(each, column.path)))),
  }
}

function reached(value, path) {
  let found = value
  for (const name of path.split('.')) {
    if (Array.isArray(found)) found = found.map((each) => each?.[name] ?? null)
    else found = found?.[name] ?? null
  }
  return found
}

function text(value) {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(text).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function row(cells) {
  const made = document.createElement('tr')
  made.append(...cells)
  return made
}

function cell(name, content) {
  const made = document.createElement(name)
  made.textContent = content
  return made
}
