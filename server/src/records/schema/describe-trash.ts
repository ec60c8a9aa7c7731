import { quoteName, quoteText } from '../../db/quote.ts'
import type { CollectionModel } from '../model.ts'
import { tableNameOf } from './companions.ts'
import { expiryField, isToCome, rowsName } from './expiry.ts'
import { objectName } from './naming.ts'
import type { ColumnShape, TableShape, TriggerShape } from './table-shape.ts'
import { DELETION, ROOT, trashFields, trashName, trashTable } from './trash.ts'

/**
 * The trash as the database is to have it: the collection's columns, any of which may be empty (what a record must have is asked when
 * it comes back), and what is known of the deletion.
 */
export function describeTrash(
  model: CollectionModel,
  { columns, storage, renamedFrom, computed, living }: TableShape,
): [string, TableShape] {
  const name = trashName(model.name)
  const table = tableNameOf(name)
  const index = (column: string) => ({ unique: false, columns: [{ column, descending: false }] })
  const shape: TableShape = {
    table,
    ...(renamedFrom === undefined ? {} : { renamedFrom: trashName(renamedFrom) }),
    storage,
    ids: 'generated',
    key: ['id', DELETION],
    isPrivate: true,
    columns: { ...Object.fromEntries(Object.entries(columns).map(kept)), ...deletionColumns() },
    indexes: {
      [objectName(table, 'index', [DELETION])]: index(DELETION),
      [objectName(table, 'index', ['deleted_at'])]: index('deleted_at'),
      ...(living === undefined ? {} : { [objectName(table, 'expired', [living.column])]: index(living.column) }),
    },
    checks: {},
    foreignKeys: {},
    triggers: {},
    // What is shown of a deleted record is what it would be.
    ...(computed === undefined ? {} : { computed }),
  }
  return [name, shape]
}

function kept([name, { default: _default, ...column }]: [string, ColumnShape]): [string, ColumnShape] {
  return [name, { ...column, notNull: name === 'id' }]
}

function deletionColumns(): Record<string, ColumnShape> {
  const own = trashFields().map(({ name, column, type, required }): [string, ColumnShape] => [
    column,
    { field: name, type: type.pg, notNull: required },
  ])
  return {
    ...Object.fromEntries(own),
    [DELETION]: { field: DELETION, type: 'uuid', notNull: true },
    [ROOT]: { field: ROOT, type: 'boolean', notNull: true },
  }
}

/**
 * Puts what is deleted into the trash, whoever deletes. Its name is before `RI_…`, those of the triggers with which PostgreSQL cascades:
 * a record must lie in the trash when what it takes with it asks for its deletion.
 */
export function trashTrigger(model: CollectionModel): Record<string, TriggerShape> {
  if (model.softDelete === undefined) return {}
  const schema = model.table.slice(0, model.table.indexOf('.') + 1)
  const causes = model.softDelete.causes.flatMap(({ column, collection, isSoft, vanishes, expires }) => {
    const table = schema + quoteName(tableNameOf(collection))
    const trash = schema + quoteName(tableNameOf(trashName(collection)))
    if (!isSoft) return [column, table, '']
    if (!vanishes) return [column, table, trash]
    // Neither there nor in the trash: it has vanished, and is gone for good.
    const rows = expires ? schema + quoteName(rowsName(tableNameOf(collection))) : table
    const anywhere = `(select a.id from ${rows} a union all select b.id from ${trash} b)`
    return [column, anywhere, '', column, table, trash]
  })
  const parameters = [trashTable(model), ...causes].map(quoteText).join(', ')
  const field = expiryField(model)
  // What has expired is gone for good.
  const when = field === undefined ? '' : `when (${isToCome(`old.${quoteName(field.column)}`)}) `
  return {
    '0_trash': { event: 'after delete', action: `${when}execute function roadbase.move_to_trash(${parameters})` },
  }
}
