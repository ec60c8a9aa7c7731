import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { isStorableText } from '../db/storable-text.ts'
import { ExpressionError } from './expression-error.ts'
import { MAX_DEPTH, MAX_LIST_ITEMS, MAX_NESTING, MAX_NODES, refuseOversized } from './limits.ts'
import { syntaxError } from './syntax-error.ts'

export type { ASTNode as Ast } from '@marcbachmann/cel-js'

/** Text to syntax tree, bounded in size and depth; throws {@link ExpressionError}. */
export function parse(source: string): ASTNode {
  refuseOversized(source)
  if (!isStorableText(source))
    throw new ExpressionError('the expression has a character that is none (U+0000 or half a surrogate pair)', 0)
  if (source.trim() === '') throw new ExpressionError('the expression is empty', 0)
  const ast = parseBounded(source)
  refuseDeep(ast)
  return ast
}

let parser: Environment | undefined

function parseBounded(source: string): ASTNode {
  parser ??= new Environment({
    unlistedVariablesAreDyn: true,
    limits: {
      maxAstNodes: MAX_NODES,
      maxDepth: MAX_NESTING + 60,
      maxListElements: MAX_LIST_ITEMS,
      maxMapEntries: 200,
      maxCallArguments: 32,
    },
  })
  try {
    return parser.parse(source).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw syntaxError(error, source)
  }
}

/** Walks without recursion. A chain of one logical operator leans to the left as deeply as it is long, and is no depth to us. */
function refuseDeep(root: ASTNode): void {
  const open: { readonly node: ASTNode; readonly depth: number }[] = [{ node: root, depth: 1 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next
    if (depth > MAX_DEPTH) throw new ExpressionError('the expression is nested too deeply', node.start)
    for (const child of children(node)) {
      const sameChain = (node.op === '||' || node.op === '&&') && child.op === node.op
      open.push({ node: child, depth: sameChain ? depth : depth + 1 })
    }
  }
}

export function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}
