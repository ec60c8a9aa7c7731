import { expect, test } from 'vitest'
import { chooseEncoding } from './encoding.ts'

test.each([
  ['', 'identity'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br;q=0.5, gzip', 'gzip'],
  ['br;q=0', 'identity'],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['identity', 'identity'],
  ['identity;q=1, gzip;q=0.5', 'identity'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['identity;q=0', 'identity'],
  ['gzip;q=2', 'identity'],
  ['gzip;q=x', 'identity'],
  ['gzip ; q=0.001', 'gzip'],
  ['deflate, zstd', 'identity'],
  [',;q=,', 'identity'],
])('%s asks for %s', (header, expected) => expect(chooseEncoding(header)).toBe(expected))
