import { BlockList, isIP, SocketAddress } from 'node:net'

/** What a request tells of where it came from. The headers are empty when absent, and joined when there are several. */
export interface Origin {
  readonly remote: string
  readonly forwarded: string
  readonly forwardedFor: string
}

export interface Proxies {
  /** Is this the address of a trusted proxy? */
  trusts(address: string): boolean
  /**
   * The client's address. `Forwarded` (RFC 7239) and `X-Forwarded-For` are looked at only when the connection comes from a
   * trusted proxy, and read from the right: each trusted proxy vouches for the one before it, and the first that is not trusted
   * is the client. What stands further left was written by the client itself.
   */
  clientAddress(origin: Origin): string
}

export function createProxies(networks: readonly string[]): Proxies {
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network)
  const trusts = (address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return {
    trusts,
    clientAddress({ remote, forwarded, forwardedFor }) {
      if (!trusts(remote)) return remote
      const hops = forwarded === '' ? forwardedFor.split(',') : forwarded.split(',').map(forParameter)
      let client = remote
      for (const hop of hops.reverse()) {
        const address = normalizeAddress(hop.trim())
        // `unknown` and `_hidden` are no addresses: the last proxy that can be named stands for the client.
        if (address === undefined) return client
        client = address
        if (!trusts(address)) return client
      }
      return client
    },
  }
}

/** The 4 or 16 bytes of an address as text. IPv4 inside IPv6 (`::ffff:127.0.0.1`) becomes IPv4, or lists of networks would miss it. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return ''
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.subarray(12).join('.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16))
  // Writes the short form of RFC 5952.
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
}

/** An address as proxies write it: with a port, in brackets, or mapped. */
function normalizeAddress(text: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text
  const unmapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
  return isIP(unmapped) === 0 ? undefined : unmapped.toLowerCase()
}

function forParameter(element: string): string {
  const found = /(?:^|;)\s*for=(?:"([^"]*)"|([^;\s]*))/i.exec(element)
  return found?.[1] ?? found?.[2] ?? ''
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}
