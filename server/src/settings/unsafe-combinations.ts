import { sep } from 'node:path'
import type { Complaint } from './given.ts'
import type { Settings } from './options.ts'

/** What each setting allows alone, and what together would be a hole or could not work. */
export function unsafeCombinations(settings: Settings, memory: number): Complaint[] {
  return rules(memory)
    .filter(({ when }) => when(settings))
    .map(({ what, fix }) => ({ what: what(settings), fix }))
}

interface Rule {
  readonly when: (settings: Settings) => boolean
  readonly what: (settings: Settings) => string
  readonly fix: string
}

const rules = (memory: number): readonly Rule[] => [
  {
    when: (s) => !isLoopback(s.host) && s.publicUrl.startsWith('http:') && !s.insecureHttp,
    what: (s) =>
      `host = ${s.host} with publicUrl = ${s.publicUrl}: passwords and tokens would cross the network readable`,
    fix: 'Set publicUrl (ROADBASE_PUBLIC_URL) to the https:// address of the proxy in front, or host to 127.0.0.1; on a network you trust, set insecureHttp (ROADBASE_INSECURE_HTTP) to true.',
  },
  {
    when: (s) => !isLoopback(s.host) && s.development,
    what: (s) => `host = ${s.host} with development = true: hints for developers tell about records that rules hide`,
    fix: 'Turn development off (ROADBASE_DEV), or set host to 127.0.0.1.',
  },
  {
    when: (s) => s.trustedProxies.some((network) => network.endsWith('/0')),
    what: (s) => `trustedProxies = ${JSON.stringify(s.trustedProxies)}: everybody could claim any address`,
    fix: 'Name the addresses of your own proxies only.',
  },
  {
    when: (s) => s.cors.includes('*') && s.cors.length > 1,
    what: (s) => `cors = ${JSON.stringify(s.cors)}: beside * the other origins mean nothing`,
    fix: 'Keep either * or the list of origins.',
  },
  {
    when: (s) => !isLoopback(s.host) && s.passwords.memory * s.passwords.passes < WEAKEST_HASH,
    what: (s) => `passwords.memory and passwords.passes are too weak for host = ${s.host}`,
    fix: 'Use at least 19MiB with 2 passes, or more memory with 1 pass (memory x passes of 38MiB).',
  },
  {
    when: (s) => s.passwords.memory * s.passwords.concurrency > memory / 2,
    what: () => 'passwords.memory x passwords.concurrency is more than half of the memory of this machine',
    fix: 'Lower passwords.concurrency (ROADBASE_PASSWORDS_CONCURRENCY).',
  },
  {
    when: (s) => s.tokens.access >= s.tokens.refresh,
    what: () => 'tokens.access lasts as long as tokens.refresh, so nobody could stay signed in',
    fix: 'Make tokens.access shorter, such as 15m.',
  },
  {
    when: (s) => s.statementTimeout > s.requestTimeout,
    what: () => 'statementTimeout is longer than requestTimeout, so statements would run for nobody',
    fix: 'Make statementTimeout at most requestTimeout.',
  },
  {
    when: (s) => s.drainTimeout < s.requestTimeout,
    what: () => 'drainTimeout is shorter than requestTimeout, so a stop would cut requests that were accepted',
    fix: 'Make drainTimeout at least requestTimeout.',
  },
  {
    when: (s) => s.temporary && s.databaseUrl != null,
    what: () => 'temporary = true with databaseUrl: what is in that database would stay',
    fix: 'Leave databaseUrl (DATABASE_URL) out: a temporary server brings its PostgreSQL.',
  },
  {
    when: (s) => s.data === s.apps || s.data.startsWith(s.apps + sep) || s.apps.startsWith(s.data + sep),
    what: (s) => `data = ${s.data} and apps = ${s.apps} lie in each other`,
    fix: 'Keep the apps, which are source, and the data apart.',
  },
]

/** What OWASP names as the least for argon2id: 19 MiB with 2 passes, or the same work otherwise split. */
const WEAKEST_HASH = 2 * 19 * 2 ** 20

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
