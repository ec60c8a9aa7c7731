import { isIP } from 'node:net'

/**
 * The part of an address that one party holds: an IPv4 address, or the /64 of an IPv6 address, inside which everybody can have
 * as many addresses as they like. IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4.
 */
export function addressBlock(ip: string): string {
  const [address = ''] = ip.split('%')
  if (isIP(address) !== 6) return address
  const groups = expand(address)
  const [a = 0, b = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [a >> 8, a & 255, b >> 8, b & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** On this machine. A proxy here that is not declared as trusted makes every client look so. */
export function isLoopback(ip: string): boolean {
  const block = addressBlock(ip)
  return block.startsWith('127.') || ip === '::1'
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const [left = '', right] = dotsToGroups(address).split('::')
  const head = toGroups(left)
  if (right === undefined) return head
  const tail = toGroups(right)
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function toGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

/** `::ffff:192.0.2.1` ends in what are really two groups. */
function dotsToGroups(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
}
