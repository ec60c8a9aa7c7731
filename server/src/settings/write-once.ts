import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** A whole file or none, on disk when this returns. Only for files that are not there yet, under the lock of the data folder. */
export function writeOnce(file: string, content: string, mode: number): void {
  const unfinished = `${file}.new`
  const handle = openSync(unfinished, 'w', mode)
  try {
    writeSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(unfinished, file)
  syncFolder(dirname(file))
}

/** The new name is only on disk when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
