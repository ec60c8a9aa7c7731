import type { Section } from '../apps/section.ts'
import { type CorsPolicy, createCorsPolicy } from './response/cors.ts'

export interface CorsModel {
  /** Undefined where the document says nothing. */
  readonly origins: readonly string[] | undefined
}

/**
 * `cors:` of the app document: the web origins whose pages may use the app. Without it, the server's own list counts; with an empty
 * list nobody may.
 */
export function corsSection(serverOrigins: readonly string[]): Section<CorsModel, CorsPolicy> {
  return {
    keys: { cors: schema },
    check({ document, report }) {
      const cors = document['cors'] as { readonly origins: readonly string[] } | undefined
      cors?.origins.forEach((origin, index) => {
        if (isWebOrigin(origin)) return
        const suggestion = suggestOrigin(origin)
        report({
          pointer: `/cors/origins/${index}`,
          message: `"${origin}" is not a web origin: scheme, host and perhaps port, as in https://app.example.com`,
          ...(suggestion === undefined ? {} : { suggestion: `write "${suggestion}"` }),
        })
      })
      return { origins: cors?.origins.filter(isWebOrigin) }
    },
    plan: () => ({ steps: [], refusals: [] }),
    snapshot: () => null,
    activate: ({ origins }) => createCorsPolicy(origins ?? serverOrigins),
    retire() {},
  }
}

const schema = {
  description: 'Which web origins may call the app from scripts in a browser.',
  type: 'object',
  additionalProperties: false,
  required: ['origins'],
  properties: {
    origins: {
      description: 'Origins such as https://app.example.com, or `*` for all. No wildcards within an origin.',
      type: 'array',
      uniqueItems: true,
      items: { type: 'string' },
      examples: [['https://app.example.com', 'http://localhost:5173']],
    },
  },
}

function isWebOrigin(text: string): boolean {
  return text === '*' || suggestOrigin(text) === text
}

/** The origin of a URL that says more than one, https://x.y/path. */
function suggestOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { hostname, origin, protocol } = new URL(text)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && !hostname.includes('*') ? origin : undefined
}
