import { pointer } from '../errors/pointer.ts'
import type { CheckContext, Section } from './section.ts'

/** A macro of the document: what `mine(record)` stands for. */
interface Term {
  readonly params: readonly string[]
  /** CEL, as written. */
  readonly source: string
}

export type Terms = ReadonlyMap<string, Term>

const NAME = /^[a-z][A-Za-z0-9]*$/
const HEAD = /^\s*([^()\s]*)\s*\(([^()]*)\)\s*$/

/** Words of CEL and of the rules' own environment; a macro of that name would hide them or never be reached. */
const taken: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import'],
  ...['let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
  ...['auth', 'record', 'data', 'request', 'settings', 'now', 'db'],
  ...['has', 'all', 'exists', 'map', 'filter', 'size', 'type', 'dyn'],
  ...[
    'int',
    'uint',
    'double',
    'decimal',
    'string',
    'bool',
    'bytes',
    'list',
    'timestamp',
    'duration',
    'date',
    'time',
    'range',
  ],
])

/**
 * The `terms:` key: `mine(l): l.owner == auth.id`. Names are checked here; what a term means is checked where
 * it is used, because its parameters have the types of what is passed.
 */
export const termsSection: Section<Terms> = {
  keys: {
    terms: {
      type: 'object',
      description:
        'Names for expressions that rules use again and again: `name(parameters): CEL`. They are inlined where they are used.',
      additionalProperties: {
        type: ['string', 'boolean', 'number'],
        description: 'CEL over the parameters and over whatever is known where the term is used.',
      },
      examples: [{ 'mine(l)': 'l.owner == auth.id' }],
    },
  },

  check(context) {
    const terms = new Map<string, Term>()
    const raw = (context.document['terms'] ?? {}) as Readonly<Record<string, string | boolean | number>>
    for (const [head, source] of Object.entries(raw)) {
      const parsed = parseHead(context, head)
      if (parsed === undefined) continue
      if (terms.has(parsed.name)) reportKey(context, head, `the term '${parsed.name}' is given twice`)
      else terms.set(parsed.name, { params: parsed.params, source: String(source) })
    }
    return terms
  },

  // Terms are part of the expressions that use them, and leave no trace of their own in the database.
  plan: () => ({ steps: [], refusals: [] }),
  snapshot: () => null,
  activate: () => undefined,
  retire: () => undefined,
}

function parseHead(context: CheckContext, head: string): { name: string; params: readonly string[] } | undefined {
  const [, name = '', list = ''] = HEAD.exec(head) ?? []
  if (!HEAD.test(head)) {
    const suggestion = NAME.test(head) ? `'${head}()' for a term without parameters` : "for example 'mine(l)'"
    return reportKey(context, head, `'${head}' is no term: a name and its parameters are expected`, suggestion)
  }
  if (!NAME.test(name)) return reportKey(context, head, `'${name}' is no name for a term: camelCase is expected`)
  if (taken.has(name)) return reportKey(context, head, `'${name}' has a meaning of its own in expressions`)
  const params = list.trim() === '' ? [] : list.split(',').map((param) => param.trim())
  for (const [index, param] of params.entries()) {
    if (!NAME.test(param))
      return reportKey(context, head, `'${param}' is no name for a parameter: camelCase is expected`)
    if (taken.has(param)) return reportKey(context, head, `the parameter '${param}' would hide what '${param}' means`)
    if (params.indexOf(param) < index) return reportKey(context, head, `the parameter '${param}' is given twice`)
  }
  return { name, params }
}

function reportKey(context: CheckContext, head: string, message: string, suggestion?: string): undefined {
  context.report({
    pointer: pointer('terms', head),
    at: 'key',
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}
