// What the caller's schema says: types by name, and the names that fit at a place of a document.

const QUESTION = `{ __schema { queryType { name } mutationType { name } subscriptionType { name } types {
  kind name description enumValues { name description } possibleTypes { name }
  fields { name description args { name description type { ...T } } type { ...T } }
  inputFields { name description type { ...T } } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }`

export async function readSchema(ask) {
  const { data } = await ask(QUESTION)
  const { __schema: found } = data
  const types = new Map(found.types.map((type) => [type.name, type]))
  const roots = { query: found.queryType, mutation: found.mutationType, subscription: found.subscriptionType }
  return { types, roots }
}

export function spelled(type) {
  if (type.kind === 'NON_NULL') return spelled(type.ofType) + '!'
  if (type.kind === 'LIST') return '[' + spelled(type.ofType) + ']'
  return type.name
}

export function named(type) {
  return type.ofType ? named(type.ofType) : type.name
}

const TOKEN = /"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#[^\n]*|\.\.\.|[{}()[\]:$!@=|&]|[_A-Za-z]\w*|[-\d.][\w.+-]*/g

// Follows the document up to the cursor with a stack of what may stand there, and answers the innermost.
function placeAt(text, schema) {
  const stack = []
  let field = null
  let last = ''
  let before = ''
  let root = 'query'
  let condition = null
  let value = null
  for (const [token] of text.matchAll(TOKEN)) {
    const top = stack.at(-1)
    if (token.startsWith('#')) continue
    if (token === '{') {
      stack.push(opened(top, { schema, field, root, condition, value }))
      condition = field = value = null
    } else if (token === '(') {
      stack.push({ kind: 'arguments', args: field ? field.args : [] })
    } else if (token === '[') {
      stack.push({ ...top, kind: 'list', type: value })
    } else if (')}]'.includes(token)) {
      const closed = stack.pop()
      if (closed?.kind === 'list') value = null
    } else if (last === 'on') {
      condition = token
    } else if (/^[_A-Za-z]/.test(token) && before !== '$' && last !== '$' && last !== '@') {
      if (!stack.length && token in schema.roots) root = token
      if (top?.kind === 'fields') field = member(schema.types.get(top.type)?.fields, token) ?? field
      if (top?.kind === 'arguments' && last !== ':') value = member(top.args, token)?.type ?? null
      if (top?.kind === 'input' && last !== ':') value = member(schema.types.get(top.type)?.inputFields, token)?.type
    }
    before = last
    last = token
  }
  return { top: stack.at(-1), last, value }
}

function opened(top, { schema, field, root, condition, value }) {
  if (!top) return { kind: 'fields', type: condition ?? schema.roots[root]?.name }
  if (top.kind === 'fields') return { kind: 'fields', type: condition ?? (field ? named(field.type) : top.type) }
  const type = top.kind === 'list' ? top.type : value
  return { kind: 'input', type: type ? named(type) : null }
}

function member(members, name) {
  return members?.find((each) => each.name === name)
}

// Names that may stand at the end of `text`, each with its type, and how much of one is there already.
export function completions(text, schema) {
  const typed = /[_A-Za-z]\w*$/.exec(text)?.[0] ?? ''
  const { top, last, value } = placeAt(text.slice(0, text.length - typed.length), schema)
  const found = candidates(top, last, value, schema)
  const wanted = typed.toLowerCase()
  const near = found.filter((each) => each.name.toLowerCase().includes(wanted) && each.name !== typed)
  near.sort((one, other) => rank(one, wanted) - rank(other, wanted))
  return { typed, found: near.slice(0, 60) }
}

function rank(candidate, wanted) {
  return candidate.name.toLowerCase().startsWith(wanted) ? 0 : 1
}

function candidates(top, last, value, schema) {
  if (!top) return Object.keys(schema.roots).map((name) => ({ name, type: '' }))
  if (last === 'on') return [...schema.types.values()].filter((type) => type.fields).map(plain)
  if (top.kind === 'fields') return members(schema.types.get(top.type)?.fields)
  if ((last === ':' || top.kind === 'list') && value) {
    const type = schema.types.get(named(value))
    return type?.enumValues ? type.enumValues.map(plain) : named(value) === 'Boolean' ? ['true', 'false'].map((name) => ({ name, type: '' })) : []
  }
  if (top.kind === 'arguments') return members(top.args)
  return top.kind === 'input' ? members(schema.types.get(top.type)?.inputFields) : []
}

function members(found) {
  return (found ?? []).map((each) => ({ name: each.name, type: spelled(each.type) }))
}

function plain(each) {
  return { name: each.name, type: '' }
}
