// The editor of the question: completion of names, brackets that close themselves, tidying.

import { completions } from './schema.js'

const CLOSING = { '{': '}', '(': ')', '[': ']' }

export class Editor {
  constructor(area, popup, schema) {
    this.area = area
    this.popup = popup
    this.schema = schema
    area.addEventListener('keydown', (event) => this.key(event))
    area.addEventListener('input', () => this.suggest(false))
    area.addEventListener('blur', () => this.close())
    area.addEventListener('scroll', () => this.close())
    popup.addEventListener('mousedown', (event) => {
      event.preventDefault()
      const item = event.target.closest('li')
      if (item) this.take(Number(item.dataset.at))
    })
  }

  key(event) {
    if (event.ctrlKey && event.key === ' ') return this.handled(event, () => this.suggest(true))
    if (!this.popup.hidden && this.choose(event)) return undefined
    if (event.key === 'Tab' && !event.shiftKey) return this.handled(event, () => this.insert('  '))
    if (event.key in CLOSING) return this.handled(event, () => this.insert(event.key, CLOSING[event.key]))
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) return this.handled(event, () => this.newLine())
    return undefined
  }

  choose(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move) return this.handled(event, () => this.select(this.at + move))
    if (event.key === 'Enter' || event.key === 'Tab') return this.handled(event, () => this.take(this.at))
    if (event.key === 'Escape') return this.handled(event, () => this.close())
    return false
  }

  handled(event, act) {
    event.preventDefault()
    act()
    return true
  }

  suggest(asked) {
    const schema = this.schema()
    if (!schema) return
    const { typed, found } = completions(this.area.value.slice(0, this.area.selectionStart), schema)
    if (!found.length || (!asked && !typed)) return this.close()
    this.typed = typed
    this.found = found
    this.popup.replaceChildren(...found.map((each, at) => item(each, at)))
    this.popup.hidden = false
    this.place()
    this.select(0)
  }

  select(at) {
    this.at = (at + this.found.length) % this.found.length
    for (const each of this.popup.children) each.ariaSelected = String(Number(each.dataset.at) === this.at)
    this.popup.children[this.at].scrollIntoView({ block: 'nearest' })
  }

  take(at) {
    const { name } = this.found[at]
    const end = this.area.selectionStart
    this.area.setRangeText(name, end - this.typed.length, end, 'end')
    this.close()
    this.area.dispatchEvent(new Event('change'))
  }

  close() {
    this.popup.hidden = true
  }

  place() {
    const before = this.area.value.slice(0, this.area.selectionStart - this.typed.length).split('\n')
    const style = getComputedStyle(this.area)
    const height = parseFloat(style.lineHeight)
    const top = parseFloat(style.paddingTop) + before.length * height - this.area.scrollTop
    const left = parseFloat(style.paddingLeft) + width(before.at(-1), style.font) - this.area.scrollLeft
    this.popup.style.top = `${top}px`
    this.popup.style.left = `${Math.max(0, Math.min(left, this.area.clientWidth - 240))}px`
  }

  insert(before, after = '') {
    const { selectionStart: start, selectionEnd: end, value } = this.area
    const inside = value.slice(start, end)
    this.area.setRangeText(before + inside + after, start, end, 'end')
    this.area.selectionStart = this.area.selectionEnd = start + before.length + inside.length
  }

  newLine() {
    const { selectionStart: start, value } = this.area
    const indent = /[ ]*/.exec(value.slice(value.lastIndexOf('\n', start - 1) + 1))[0]
    const opens = /[{([]\s*$/.test(value.slice(0, start))
    const closes = /^[})\]]/.test(value.slice(start))
    this.insert('\n' + indent + (opens ? '  ' : ''), opens && closes ? '\n' + indent : '')
  }
}

function item({ name, type }, at) {
  const made = document.createElement('li')
  made.role = 'option'
  made.dataset.at = String(at)
  const kind = document.createElement('span')
  kind.textContent = type
  made.append(name, kind)
  return made
}

const pen = document.createElement('canvas').getContext('2d')

function width(text, font) {
  pen.font = font
  return pen.measureText(text).width
}

// The document with two spaces for each open bracket; what stands on a line stays on it.
export function tidied(text) {
  let depth = 0
  const lines = text.split('\n').map((each) => {
    const bare = each.trim()
    const code = bare.replace(/"(?:\\.|[^"\\])*"|#.*/g, '')
    const closing = /^[})\]]*/.exec(code)[0].length
    const line = bare ? '  '.repeat(Math.max(0, depth - closing)) + bare : ''
    depth += (code.match(/[{([]/g) ?? []).length - (code.match(/[})\]]/g) ?? []).length
    return line
  })
  return lines.join('\n').trim() + '\n'
}
