import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import { fieldType } from '../../expr/index.ts'
import { fieldAjvSchema } from '../schema/ajv-schema.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { CAMEL_CASE, camelCase } from '../schema/naming.ts'
import type { Report } from '../schema/report.ts'
import { asSent } from '../schema/sent-value.ts'
import { completeValue } from '../schema/value-schema.ts'
import { createFieldChecks, type FieldChecks } from '../validate/field-check.ts'
import type { SettingModel, SettingModels } from './model.ts'

/** The `settings:` of a document, checked. */
export function checkSettings(document: Readonly<Record<string, unknown>>, report: Report): SettingModels {
  const raw = (document['settings'] ?? {}) as Readonly<Record<string, JsonSchema>>
  const checks = createFieldChecks()
  const models = Object.entries(raw).flatMap(([name, schema]) => {
    const model = checkSetting(name, schema, below('/settings', name), checks, report)
    return model === undefined ? [] : [[name, model] as const]
  })
  return new Map(models)
}

function checkSetting(
  name: string,
  raw: JsonSchema,
  pointer: string,
  checks: FieldChecks,
  report: Report,
): SettingModel | undefined {
  if (!CAMEL_CASE.test(name)) {
    report(pointer, `'${name}' is not a name in camelCase`, {
      at: 'key',
      suggestion: `did you mean '${camelCase(name)}'?`,
    })
    return undefined
  }
  if (name in Object.prototype) {
    report(pointer, `'${name}' is a property of every JavaScript object`, { at: 'key' })
    return undefined
  }
  const { default: preset, secret, required, ...rest } = raw
  const complete = completeValue(Array.isArray(required) ? { ...rest, required } : rest, pointer, report, 'field')
  if (complete === undefined) return undefined
  if (complete['type'] === 'range') {
    report(below(pointer, 'type'), 'a setting is no range', { suggestion: 'write two settings' })
    return undefined
  }
  const schema = fieldAjvSchema(complete)
  const fault = schema['storable'] === true ? checks.fault(schema) : undefined
  if (fault !== undefined) {
    report(pointer, `is not a schema: ${fault}`)
    return undefined
  }
  const model = {
    name,
    description: typeof raw['description'] === 'string' ? raw['description'] : undefined,
    documented: complete,
    schema,
    type: fieldType(complete),
    required: required === true,
    secret: secret === true,
  }
  return { ...model, default: checkDefault(model, preset, below(pointer, 'default'), checks, report) }
}

function checkDefault(
  { schema, type, secret, required }: Omit<SettingModel, 'default'>,
  preset: unknown,
  pointer: string,
  checks: FieldChecks,
  report: Report,
): unknown {
  if (preset === undefined) return undefined
  if (secret) report(pointer, 'a secret has no default: everybody who reads the document would know it')
  else if (required) report(pointer, 'a setting with a default need not be set: leave out one of the two')
  else if (preset === null) report(pointer, 'null is what a setting without a default has')
  else if (typeof preset === 'string' && preset.startsWith('='))
    report(pointer, 'settings are constants: a default can not be an expression')
  else {
    const errors: Violation[] = []
    const stored = checks.of(schema)(asSent(preset, type), '', errors)
    for (const error of errors)
      report(pointer + error.pointer, `the default does not fit its own setting: it ${error.message}`)
    return stored
  }
  return undefined
}
