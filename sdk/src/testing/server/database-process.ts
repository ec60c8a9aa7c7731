import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The process id of the PostgreSQL that a server with this data folder has started, if it runs. */
export async function databasePid(folder: string): Promise<number | undefined> {
  for (const root of [join(folder, 'postgres'), await elsewhere(folder)]) {
    const pid = root === undefined ? undefined : await readPid(join(root, 'data'))
    if (pid !== undefined) return pid
  }
  return undefined
}

/** Ends the PostgreSQL of a server that did not end it itself: at once, as its data goes too. */
export async function endDatabase(folder: string): Promise<void> {
  const pid = await databasePid(folder)
  if (pid === undefined) return
  // SIGQUIT ends the processes of its connections too, SIGKILL would leave them.
  process.kill(pid, 'SIGQUIT')
  for (let waited = 0; waited < 5000 && (await databasePid(folder)) === pid; waited += 20) await sleep(20)
}

/** Where the database lies when PostgreSQL's user can not enter the folder. */
export async function elsewhere(folder: string): Promise<string | undefined> {
  const place = await readFile(join(folder, 'postgres/location'), 'utf8').catch(() => '')
  return place.trim() || undefined
}

async function readPid(data: string): Promise<number | undefined> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(file.split('\n', 1)[0])
  return pid > 0 && (await worksIn(pid, data)) ? pid : undefined
}

/** Process ids are used again: this one must be the process that works in that folder. */
async function worksIn(pid: number, data: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))
  } catch {
    return false
  }
}
