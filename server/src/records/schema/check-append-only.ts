import { below } from '../../errors/pointer.ts'
import type { CollectionDraft } from './draft.ts'
import type { Report } from './report.ts'

/** What would change or delete records that are only added. */
export function checkAppendOnly(draft: CollectionDraft, report: Report): void {
  if (draft.raw.appendOnly !== true) return
  if (draft.builtin)
    report(below(draft.pointer, 'appendOnly'), 'users change: they are suspended, and take other names')
  if (draft.raw.states !== undefined) {
    report(below(draft.pointer, 'states'), 'records are only added here: no transition can change them')
  }
  const { rules = {}, fields = {} } = draft.raw
  for (const action of ['update', 'delete', 'write']) {
    if (rules[action] === undefined || rules[action] === false) continue
    const what = action === 'write' ? "'write' stands for update and delete, too" : `nobody can ${action} them`
    report(below(draft.pointer, 'rules', action), `records are only added here: ${what}`, {
      ...(action === 'write' ? { suggestion: "write 'create'" } : {}),
    })
  }
  for (const [name, rule] of Object.entries(fields)) {
    if (rule['update'] === undefined || rule['update'] === false) continue
    report(below(draft.pointer, 'fields', name, 'update'), 'records are only added here: nobody can change a field')
  }
  for (const field of draft.fields.values()) {
    const onDelete = field.reference?.onDelete
    if (onDelete === undefined || onDelete === 'restrict') continue
    const does = onDelete === 'cascade' ? 'delete' : 'change'
    report(below(field.pointer, 'onDelete'), `records are only added here: '${onDelete}' would ${does} them`, {
      suggestion: 'write restrict, or leave it out',
    })
  }
}
