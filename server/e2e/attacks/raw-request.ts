import { connect } from 'node:net'

export interface RawAnswer {
  /** All that came back, as Latin-1. */
  readonly text: string
  /** Of every answer in it. */
  readonly statuses: readonly number[]
}

/** Sends bytes as they are, and reads until the server ends the connection or has been quiet for a while. */
export function sendRaw(url: string, bytes: string | Buffer, quiet = 250): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let text = ''
    let timer: NodeJS.Timeout | undefined
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'))
    const wait = (time: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => socket.destroy(), time)
    }
    wait(5_000)
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
      wait(quiet)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      resolve({ text, statuses })
    })
  })
}
