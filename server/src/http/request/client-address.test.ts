import { describe, expect, test } from 'vitest'
import { createProxies, formatAddress } from './client-address.ts'

const proxies = createProxies(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'])

describe('the client of a request is', () => {
  test.each([
    ['who connects, whatever the headers say', '203.0.113.9', '', '1.2.3.4', '203.0.113.9'],
    ['who connects through a proxy that says nothing', '10.0.0.1', '', '', '10.0.0.1'],
    ['whom a trusted proxy names', '10.0.0.1', '', '1.2.3.4', '1.2.3.4'],
    ['whom a single trusted address names', '192.0.2.1', '', '1.2.3.4', '1.2.3.4'],
    ['not whom its neighbour names', '192.0.2.2', '', '1.2.3.4', '192.0.2.2'],
    ['the last that no proxy of ours is', '10.0.0.1', '', '6.6.6.6, 1.2.3.4, 10.0.0.2', '1.2.3.4'],
    ['not what the client wrote itself', '10.0.0.1', '', '127.0.0.1, 1.2.3.4', '1.2.3.4'],
    ['the first of all proxies, where all are ours', '10.0.0.1', '', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['the last known one before nonsense', '10.0.0.1', '', '1.2.3.4, nonsense', '10.0.0.1'],
    ['in a header with ports', '10.0.0.1', '', '1.2.3.4:5678', '1.2.3.4'],
    ['in a header with brackets', '10.0.0.1', '', '[2001:DB9::1]:80', '2001:db9::1'],
    ['behind a proxy with IPv6', '2001:db8::7', '', '1.2.3.4', '1.2.3.4'],
    ['mapped into IPv6', '10.0.0.1', '', '::ffff:1.2.3.4', '1.2.3.4'],
    ['in Forwarded, before X-Forwarded-For', '10.0.0.1', 'for=1.2.3.4;proto=https', '5.6.7.8', '1.2.3.4'],
    ['in Forwarded, quoted', '10.0.0.1', 'for=6.6.6.6, For="[2001:db9::1]:4711";by=x', '', '2001:db9::1'],
    ['hidden in Forwarded', '10.0.0.1', 'for=_secret', '', '10.0.0.1'],
    ['unknown in Forwarded', '10.0.0.1', 'for=unknown', '', '10.0.0.1'],
  ])('%s', (_, remote, forwarded, forwardedFor, expected) => {
    expect(proxies.clientAddress({ remote, forwarded, forwardedFor })).toBe(expected)
  })

  test('nobody else where no proxy is trusted', () => {
    const none = createProxies([])
    expect(none.clientAddress({ remote: '127.0.0.1', forwarded: '', forwardedFor: '1.2.3.4' })).toBe('127.0.0.1')
  })
})

test.each([
  [[127, 0, 0, 1], '127.0.0.1'],
  [[...Array(15).fill(0), 1], '::1'],
  [[...Array(10).fill(0), 255, 255, 1, 2, 3, 4], '1.2.3.4'],
  [[0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 9], '2001:db8::9'],
  [[], ''],
])('%j is %s', (bytes, text) => expect(formatAddress(new Uint8Array(bytes))).toBe(text))
