import type { CelType } from './cel-type.ts'
import type { Node } from './check/node.ts'
import type { FieldType } from './field-types.ts'
import type { Compiler, Evaluate } from './js/compiler.ts'
import { compileNode } from './js/evaluate.ts'
import type { JsWorld } from './js-world.ts'
import type { CheckedExpression } from './types.ts'
import { type Decimal, divideDecimals, printDecimal } from './values/decimal.ts'
import { printDuration } from './values/durations.ts'
import { printTimestamp } from './values/instants.ts'
import type { RangeValue } from './values/ranges.ts'

/**
 * An expression as a function of its variables, which are in their JSON shape; so is the result.
 * Undefined is CEL's error. It means what {@link toSql}'s SQL means.
 */
export function toJs(
  expression: CheckedExpression,
): (values: Readonly<Record<string, unknown>>, world?: JsWorld) => unknown {
  const { environment, node, field } = expression
  const compiler: Compiler = { environment, compile: (part: Node): Evaluate => compileNode(compiler, part) }
  const evaluate = compiler.compile(node)
  return (values, world) => {
    const result = evaluate({ values, world, locals: new Map() })
    return typeof result === 'boolean' || result === null || result === undefined
      ? result
      : outward(result, node.type, field)
  }
}

function outward(value: unknown, type: CelType, field: FieldType | undefined): unknown {
  switch (type.kind) {
    case 'int':
      return field?.format === 'int64' || !Number.isSafeInteger(Number(value)) ? String(value) : Number(value)
    case 'decimal':
      return printDecimal(scaled(value as Decimal, field?.scale))
    case 'timestamp':
      return printTimestamp(value as number)
    case 'duration':
      return printDuration(value as number)
    case 'range': {
      const { from, until } = value as RangeValue
      const end = (one: unknown) => (one === null ? null : outward(one, { kind: type.of, nullable: false }, field?.end))
      return { from: end(from), until: end(until) }
    }
    default:
      return value
  }
}

/** As the column rounds it. */
function scaled(value: Decimal, scale: number | undefined): Decimal {
  return scale === undefined ? value : (divideDecimals(value, { units: 1n, scale: 0 }, scale) ?? value)
}
