import { pointer } from '../errors/pointer.ts'
import type { AppEvent } from './load/events.ts'
import type { Section } from './section.ts'
import type { DocumentIssue } from './source/document-issue.ts'
import { memoryFolder } from './source/folder.ts'
import { type AppSource, readApp } from './source/read-app.ts'
import { suggest } from './suggest.ts'
import { termsSection } from './terms.ts'
import { listHiddenNotes, type Notes, planNotes, purgeNotes } from './testing-notes.ts'

export type { Notes }

export interface RunningNotes {
  readonly version: number
  retired: boolean
}

/** A section as small as one can be, that still does all a section does: `notes: {shopping: {columns: [text, price]}}`. */
export interface NotesSection extends Section<Notes, RunningNotes> {
  /** All that were ever started. */
  readonly started: RunningNotes[]
}

export function notesSection(overrides: Partial<Section<Notes, RunningNotes>> = {}): NotesSection {
  const started: RunningNotes[] = []
  return {
    started,
    keys: {
      notes: {
        type: 'object',
        description: 'Tables of notes, each with the names of its columns.',
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          required: ['columns'],
          properties: {
            columns: {
              type: 'array',
              minItems: 1,
              items: { type: 'string', pattern: '^[a-z]+$', errorMessage: 'small letters only' },
            },
            sorted: { type: 'array', items: { type: 'string' } },
            like: { type: 'string', description: 'Another table of notes.' },
            when: { type: ['string', 'boolean'], description: 'CEL.' },
            size: { enum: ['small', 'large'] },
          },
        },
      },
    },

    check(context) {
      context.part(termsSection)
      const raw = (context.document['notes'] ?? {}) as Record<
        string,
        { columns: string[]; sorted?: string[]; like?: string; when?: unknown }
      >
      for (const [name, { like, when }] of Object.entries(raw)) {
        if (like !== undefined && raw[like] === undefined) {
          const suggestion = suggest(like, Object.keys(raw))
          const issue = { pointer: pointer('notes', name, 'like'), message: `there are no notes '${like}'` }
          context.report(suggestion === undefined ? issue : { ...issue, suggestion })
        }
        const wrong = String(when ?? '').indexOf('???')
        if (wrong >= 0) {
          context.report({ pointer: pointer('notes', name, 'when'), offset: wrong, message: "unexpected '???'" })
        }
      }
      return new Map(Object.entries(raw).map(([name, { columns, sorted = [] }]) => [name, { columns, sorted }]))
    },

    plan: planNotes,
    listRemains: listHiddenNotes,
    purge: purgeNotes,

    snapshot: (model) => Object.fromEntries(model),
    activate(_model, { version }) {
      const running = { version, retired: false }
      started.push(running)
      return running
    },
    retire(running) {
      running.retired = true
    },
    ...overrides,
  }
}

/** An app made of texts. */
export function appOf(name: string, files: string | Readonly<Record<string, string>>): Promise<AppSource> {
  return readApp(name, memoryFolder(typeof files === 'string' ? { 'app.yaml': files } : files))
}

/** `app.yaml:3:5 message (suggestion)` */
export function brief(issues: readonly DocumentIssue[]): string[] {
  return issues.map(({ file, line, column, message, suggestion }) => {
    return `${file}:${line}:${column} ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
}

/** Collects what is reported. */
export function collectEvents(): { readonly events: AppEvent[]; readonly report: (event: AppEvent) => void } {
  const events: AppEvent[] = []
  return { events, report: (event) => events.push(event) }
}
