import { fstatSync } from 'node:fs'

/**
 * Resolves when the pipe at the standard input is closed, as the system does when whoever holds its other end is gone, however that came.
 * A terminal, a file and `/dev/null` are no pipes: there it never resolves.
 */
export function inputEnd(): Promise<string> {
  return new Promise((resolve) => {
    const kind = fstatSync(0)
    if (!kind.isFIFO() && !kind.isSocket()) return
    const ended = () => resolve('the pipe at the standard input was closed')
    process.stdin.once('end', ended).once('close', ended).once('error', ended)
    // Nobody reads what is sent, but only who reads sees the end.
    process.stdin.resume()
  })
}
