// Asks /graphql and shows what comes back.

import { Docs } from './docs.js'
import { Editor, tidied } from './editor.js'
import { PANELS, Panels } from './panels.js'
import { readSchema } from './schema.js'

const EXAMPLE = `# Ctrl+Enter runs, Ctrl+Space completes.
{
  viewer {
    id
    name
  }
  metadata {
    objects {
      name
      label
    }
  }
}
`
const KEPT = ['scheme', 'language', 'query', 'variables']

const at = (id) => document.getElementById(id)
let schema = null
const docs = new Docs({ search: at('search'), trail: at('trail'), page: at('page') })
const editor = new Editor(at('query'), at('completions'), () => schema)
const panels = new Panels({ bar: at('panels'), table: at('table'), asked: open })

function headers() {
  const credential = at('credential').value.trim()
  const found = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' }
  if (credential && at('scheme').value === 'token') found.Authorization = `Bearer ${credential}`
  if (credential && at('scheme').value === 'user') found['X-User'] = credential
  if (at('language').value.trim()) found['Accept-Language'] = at('language').value.trim()
  return found
}

async function ask(query, variables) {
  const body = JSON.stringify({ query, variables })
  const answer = await fetch('../graphql', { method: 'POST', headers: headers(), body })
  return { status: answer.status, ...(await answer.json()) }
}

async function run() {
  keep()
  panels.close()
  return answered(at('query').value, at('variables').value.trim())
}

async function open(panel) {
  const data = await answered(panel.query)
  if (data) panels.show(panel, data)
  else panels.close()
}

async function answered(query, variables) {
  const started = performance.now()
  try {
    const { status, ...answer } = await ask(query, variables ? JSON.parse(variables) : undefined)
    show(answer)
    tell(`${status} · ${Math.round(performance.now() - started)} ms`, Boolean(answer.errors))
    return answer.data
  } catch (error) {
    return tell(error.message, true)
  }
}

function show(answer) {
  const text = JSON.stringify(answer, null, 2)
  if (text.length > 500000) return at('result').replaceChildren(text)
  const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g
  const parts = []
  let from = 0
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(from, match.index), coloured(match))
    from = match.index + match[0].length
  }
  return at('result').replaceChildren(...parts, text.slice(from))
}

function coloured([whole, text, colon]) {
  const span = document.createElement('span')
  span.className = colon ? 'key' : text ? 'text' : 'other'
  span.textContent = whole
  return span
}

function tell(text, wrong = false) {
  at('status').textContent = text
  at('status').classList.toggle('wrong', wrong)
}

async function learn() {
  if (!at('credential').value.trim()) return tell('Sign in to see the schema.')
  try {
    schema = await readSchema(ask)
    docs.open(schema)
    panels.offer((await ask(PANELS)).data.metadata.panels)
    tell('')
  } catch {
    schema = null
    panels.offer([])
    tell('Nobody is signed in by this.', true)
  }
  return undefined
}

function keep() {
  for (const id of KEPT) localStorage.setItem(`salesmode.${id}`, at(id).value)
  sessionStorage.setItem('salesmode.credential', at('credential').value)
}

function remember() {
  for (const id of KEPT) at(id).value = localStorage.getItem(`salesmode.${id}`) ?? at(id).value
  at('credential').value = sessionStorage.getItem('salesmode.credential') ?? ''
  at('query').value ||= EXAMPLE
  at('credential').type = at('scheme').value === 'user' ? 'text' : 'password'
}

at('run').addEventListener('click', run)
at('tidy').addEventListener('click', () => { at('query').value = tidied(at('query').value) })
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); editor.close(); run() }
})
for (const id of ['credential', 'scheme', 'language']) {
  at(id).addEventListener('change', () => { keep(); remember(); learn() })
}
remember()
learn()
