import type { Plan, PlanChange, PlanStep } from 'roadbase/admin'
import type { Colours } from './colours.ts'
import { showIssue } from './issues.ts'
import { count, rows, seconds } from './words.ts'

interface Look {
  readonly colours: Colours
  /** The folder that the document was read from, for the places of what is refused. */
  readonly folder?: string | undefined
}

/**
 * A plan as one reads it in a review: what happens to each collection, with who waits and for how long; its rules and whatever else is
 * written differently, before and after; what is lost.
 */
export function renderPlan(plan: Plan, look: Look): string {
  const { colours } = look
  if (plan.outcome === 'unchanged') return `${colours.bold(plan.app)}: nothing changes; version ${plan.from} is live.`
  const groups = groupPlan(plan)
  return [
    headline(plan, colours),
    ...groups.map((group) => renderGroup(group, colours)),
    ...refusals(plan, look),
    ...losses(plan, colours),
    summary(plan, colours),
  ].join('\n\n')
}

function headline({ app, from, to }: Plan, { bold }: Colours): string {
  return from === null ? `${bold(app)}: a new app, version ${to}` : `${bold(app)}: version ${from} → ${to}`
}

interface Group {
  /** A collection, or what the document says besides. */
  readonly name: string
  readonly steps: readonly PlanStep[]
  readonly rules: readonly PlanChange[]
  readonly others: readonly PlanChange[]
}

const REST = 'document'
const SEED = 'seed.yaml'
const LAST: readonly string[] = [REST, SEED]

function groupPlan({ steps, changes: found }: Plan): readonly Group[] {
  const changes = found.flatMap(expand)
  const names = new Set<string>()
  const stepsOf = new Map<string, PlanStep[]>()
  let last = REST
  for (const step of steps) {
    // A step without a change belongs to the one before it.
    const name = step.name === null ? last : collectionOf(step)
    last = name
    names.add(name)
    stepsOf.set(name, [...(stepsOf.get(name) ?? []), step])
  }
  for (const change of changes) names.add(groupOf(change))
  return [...names].sort(restLast).map((name) => {
    const own = changes.filter((change) => groupOf(change) === name)
    return {
      name,
      steps: (stepsOf.get(name) ?? []).filter(isWorthTelling),
      rules: own.filter(({ pointer }) => pointed(pointer).isRule),
      others: own.filter(({ pointer }) => !pointed(pointer).isRule),
    }
  })
}

function collectionOf({ kind, name }: PlanStep): string {
  if (kind === 'schema' || kind === 'app' || name === null) return REST
  return name.split('.')[0] ?? REST
}

function groupOf({ pointer, in: file }: PlanChange): string {
  return file === 'seed' ? SEED : (pointed(pointer).collection ?? REST)
}

function restLast(one: string, other: string): number {
  return LAST.indexOf(one) - LAST.indexOf(other) || (one < other ? -1 : 1)
}

/** What is there on one side only, as what it consists of: a new collection as its fields and rules. */
function expand(change: PlanChange): readonly PlanChange[] {
  const side = 'before' in change ? ('after' in change ? undefined : 'before') : 'after'
  const whole = side === undefined ? undefined : change[side]
  const isWhole = /^\/collections(?:\/[^/]+(?:\/(?:schema(?:\/properties)?|rules))?)?$/.test(change.pointer)
  if (side === undefined || !isWhole || change.in === 'seed') return [change]
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return [change]
  return Object.entries(whole).flatMap(([key, value]) =>
    expand({ pointer: `${change.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, [side]: value }),
  )
}

/** Steps that only look, or that others bring along, are told when somebody waits for them. */
function isWorthTelling({ action, blocks, work, consent }: PlanStep): boolean {
  return action !== null || blocks !== null || work !== null || consent !== null
}

function pointed(pointer: string): { collection?: string; isRule: boolean; rest: string } {
  const [, top, collection, ...inner] = pointer.split('/').map(decodeSegment)
  if (top !== 'collections' || collection === undefined) return { isRule: false, rest: pointer }
  return { collection, isRule: inner[0] === 'rules', rest: inner.join('.') }
}

function decodeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}

function renderGroup({ name, steps, rules, others }: Group, colours: Colours): string {
  const lines = [colours.bold(name), ...steps.map((step) => `  ${renderStep(step, colours)}`)]
  if (rules.length > 0) lines.push('  rules', ...rules.flatMap((change) => renderChange(change, 'rules.', colours)))
  if (others.length > 0) lines.push('  written', ...others.flatMap((change) => renderChange(change, '', colours)))
  return lines.join('\n')
}

const signs = { create: '+', restore: '+', change: '~', rename: '~', hide: '-', drop: '-' } as const

function renderStep(step: PlanStep, colours: Colours): string {
  const { action, title, blocks, work, when } = step
  const facts = [
    blocks === null ? '' : `blocks ${blocks}`,
    work === null
      ? ''
      : `${work.kind === 'scan' ? 'reads' : work.kind === 'build' ? 'indexes' : 'rewrites'} ${rows(work.rows)}, ${seconds(work.seconds)}`,
    when === 'before' ? 'while everybody goes on' : '',
  ].filter((fact) => fact !== '')
  const sign = action === null ? ' ' : signs[action]
  const line = `${sign} ${title}`
  return `${paintBy(sign, colours)(line)}${facts.length === 0 ? '' : colours.dim(`  (${facts.join('; ')})`)}`
}

function paintBy(sign: string, { green, red, yellow }: Colours): (text: string) => string {
  if (sign === '+') return green
  if (sign === '-') return red
  return sign === '~' ? yellow : (text) => text
}

function renderChange(change: PlanChange, prefix: string, colours: Colours): string[] {
  const { rest } = pointed(change.pointer)
  const name = rest.startsWith(prefix) ? rest.slice(prefix.length) : rest
  const shown = name.replace(/^schema\.(?:properties\.)?/, '').replace(/^\//, '') || 'all of it'
  // Values of records may be secrets, passwords to begin with.
  if (change.in === 'seed') return [`    ${signOf(change, colours)} ${shown}`]
  if (!('before' in change)) return [`    ${colours.green(`+ ${shown}: ${value(change.after)}`)}`]
  if (!('after' in change)) return [`    ${colours.red(`- ${shown}: ${value(change.before)}`)}`]
  return [
    `    ${colours.yellow(`~ ${shown}`)}`,
    `      ${colours.red(`- ${value(change.before)}`)}`,
    `      ${colours.green(`+ ${value(change.after)}`)}`,
  ]
}

function signOf(change: PlanChange, { green, red, yellow }: Colours): string {
  if (!('before' in change)) return green('+')
  return 'after' in change ? yellow('~') : red('-')
}

/** Expressions without quotes, as one writes them; everything else as JSON. */
function value(found: unknown): string {
  return typeof found === 'string' && !found.includes('\n') ? found : JSON.stringify(found)
}

function refusals({ refusals: found }: Plan, { colours, folder }: Look): string[] {
  if (found.length === 0) return []
  const shown = found.map((issue) => showIssue(issue, folder))
  return [[colours.red('This can not be done with the records that are there:'), ...shown].join('\n')]
}

function losses({ steps }: Plan, { yellow }: Colours): string[] {
  const texts = new Set(steps.flatMap(({ consent }) => (consent === null ? [] : [consent])))
  if (texts.size === 0) return []
  return [[yellow('Needs consent:'), ...[...texts].map((text) => yellow(`  ! ${text}`))].join('\n')]
}

function summary({ steps, changes }: Plan, { dim }: Colours): string {
  const told = steps.filter(({ action }) => action !== null)
  const having = (...signsOf: string[]) => told.filter(({ action }) => action && signsOf.includes(signs[action])).length
  const parts = [
    `${having('+')} to add, ${having('~')} to change, ${having('-')} to remove`,
    `${count(changes.length, 'difference')} in the document`,
  ]
  const blocked = steps.reduce((sum, { blocks, work }) => sum + (blocks === null ? 0 : (work?.seconds ?? 0)), 0)
  if (steps.some(({ blocks }) => blocks !== null)) parts.push(`requests wait ${seconds(blocked)}`)
  return dim(`${parts.join('; ')}.`)
}

/** How long carrying it out may take. */
export function secondsOf({ steps }: Plan): number {
  return steps.reduce((sum, { work }) => sum + (work?.seconds ?? 0), 0)
}
