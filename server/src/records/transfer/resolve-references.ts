import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { Caller } from '../caller.ts'
import { collectionsRead, readThrough } from '../computed.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { createValidators, type Validators } from '../validate/index.ts'
import { isObject } from '../validate/merge-patch.ts'
import { findByKey, type Key } from './find-by-key.ts'
import type { Incoming } from './incoming.ts'
import { isKey, keysOf } from './unique-keys.ts'

type Body = Readonly<Record<string, unknown>>

/** Puts ids in the place of keys: `{"author": {"email": "ada@example.org"}}`. */
export interface References {
  /** Whether it has a key where an id belongs. */
  areIn(record: Incoming): boolean
  /** Whether what the keys find is the same before and after records of this collection are stored. */
  readonly areElsewhere: boolean
  resolve(sql: Pick<Sql, 'once'>, records: readonly Incoming[]): Promise<void>
}

export function createReferences(app: AppRecords, model: CollectionModel, caller: Caller): References {
  const fields = [...model.fields.values()].filter(({ reference }) => reference !== undefined)
  const validators = new Map<string, Validators>()
  const targets = fields.flatMap(({ reference }) => app.collections.get(reference?.collection ?? '') ?? [])
  return {
    areIn: ({ body }) => fields.some(({ name }) => isObject(body[name])),
    areElsewhere: !targets.some((target) => looksAt(app, target, model.name)),
    async resolve(sql, records) {
      for (const field of fields) {
        const target = app.collections.get(field.reference?.collection ?? '')
        if (target === undefined) continue
        for (const group of groupsOf(field, records)) await resolveGroup(sql, field, target, group)
      }
    },
  }

  async function resolveGroup(
    sql: Pick<Sql, 'once'>,
    field: FieldModel,
    target: CollectionModel,
    group: Group,
  ): Promise<void> {
    const { records } = group
    const names = withOwner(target, group.names)
    const keyFields = names.map((name) => target.fields.get(name))
    if (!isKey(target, names) || keyFields.some((one) => one === undefined || one.hidden)) {
      const message = `is no id, and no unique key of '${target.name}': ${keysOf(target).join('; ')}`
      for (const record of records) record.problem ??= invalid(field, '', message)
      return
    }
    const asked = records.flatMap((record) => {
      const key = keyOf(record, field, target, names)
      return key === undefined ? [] : [{ record, key }]
    })
    if (asked.length === 0) return
    const known = keyFields.filter((one) => one !== undefined)
    const ids = await findByKey(
      sql,
      app,
      target,
      known,
      caller,
      asked.map(({ key }) => key),
    )
    asked.forEach(({ record }, index) => {
      const id = ids[index]
      if (id === undefined) {
        record.problem ??= missing(field, target)
        return
      }
      record.body = { ...record.body, [field.name]: field.type.json === 'number' ? Number(id) : id }
      record.found ??= new Set()
      record.found.add(field.name)
    })
  }

  /** A field that is the caller is a part of the key without being sent: everybody names their own. */
  function withOwner(target: CollectionModel, names: readonly string[]): readonly string[] {
    const owner = [...target.fields.values()].find((field) => field.owner)?.name
    if (owner === undefined || caller.userId === null || names.includes(owner) || isKey(target, names)) return names
    const all = [...names, owner]
    return isKey(target, all) ? all : names
  }

  function keyOf(
    record: Incoming,
    field: FieldModel,
    target: CollectionModel,
    names: readonly string[],
  ): Key | undefined {
    let check = validators.get(target.name)
    if (check === undefined) {
      check = createValidators(target)
      validators.set(target.name, check)
    }
    const value = record.body[field.name] as Body
    const of = (name: string) => value[name] ?? (target.fields.get(name)?.owner ? caller.userId : null)
    try {
      return names.map((name) => (of(name) === null ? null : check.field(name, of(name))))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const [first] = error.options.errors ?? []
      record.problem ??= invalid(field, first?.pointer ?? '', first?.message ?? error.detail)
      return undefined
    }
  }
}

/** Whether who may find a record of `target` by a key, or whether it is there, depends on another collection. */
function looksAt({ collections }: AppRecords, target: CollectionModel, name: string): boolean {
  const { rules, fields } = target
  const reading = [...fields.values()].flatMap((field) => field.rules.read ?? [])
  const read = collectionsRead(collections, [rules.view, ...reading])
  return read.has(name) || readThrough(collections, target.name).has(name)
}

interface Group {
  readonly names: readonly string[]
  readonly records: Incoming[]
}

/** Those that name the same key go together. */
function groupsOf(field: FieldModel, records: readonly Incoming[]): Iterable<Group> {
  const groups = new Map<string, Group>()
  for (const record of records) {
    const value = record.body[field.name]
    if (!isObject(value) || record.problem !== undefined) continue
    const names = Object.keys(value).sort()
    const name = names.join()
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { names, records: [record] })
    else group.records.push(record)
  }
  return groups.values()
}

function invalid({ name }: FieldModel, below: string, message: string): Problem {
  const errors = [{ pointer: `/${name}${below}`, code: 'type', message }]
  return new Problem('validation_failed', `${name} ${message}`, { errors })
}

function missing({ name }: FieldModel, target: CollectionModel): Problem {
  const errors = [{ pointer: `/${name}`, code: 'reference_not_found', message: 'does not exist' }]
  return new Problem('reference_not_found', `'${name}' refers to a record of '${target.name}' that does not exist`, {
    errors,
  })
}
