/** The rooms of the server, lowest first: a room imports only from itself and from rooms that stand before it. */
const rooms = [
  'errors',
  'settings',
  'telemetry',
  'db',
  'bus',
  'expr',
  'sql',
  'apps',
  'records',
  'limits',
  'outbound',
  'auth',
  'files',
  'flows',
  'jobs',
  'realtime',
  'contracts',
  'http',
  'control',
]

const room = (...names) => `^server/src/(?:${names.join('|')})/`

const pointDown = rooms.slice(0, -1).map((name, index) => ({
  name: `${name}-imports-down-only`,
  severity: 'error',
  from: { path: room(name) },
  to: { path: `${room(...rooms.slice(index + 1))}|^server/src/[^/]+$` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...pointDown,
    {
      name: `${rooms.at(-1)}-imports-down-only`,
      severity: 'error',
      from: { path: room(rooms.at(-1)) },
      to: { path: '^server/src/[^/]+$' },
    },
    {
      name: 'every-folder-is-a-room',
      comment: 'A new folder of server/src has its place in the list above and in ARCHITECTURE.md.',
      severity: 'error',
      from: {},
      to: { path: '^server/src/[^/]+/', pathNot: room(...rooms) },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'sockets-only-in-http',
      comment: 'uWebSockets.js has rules that are easy to break; one room knows them.',
      severity: 'error',
      from: { path: '^(?:server|sdk)/', pathNot: room('http') },
      to: { path: 'uWebSockets' },
    },
    {
      name: 'server-without-sdk',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^sdk/' },
    },
    {
      name: 'sdk-stands-alone',
      comment: 'It runs in browsers too and has no dependency.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: '\\.test\\.ts$|^sdk/src/testing/' },
      to: { pathNot: '^sdk/src/(?!testing/)' },
    },
    {
      name: 'test-kit-on-node-and-vitest',
      comment: 'It runs in the tests of apps, and brings them nothing else.',
      severity: 'error',
      from: { path: '^sdk/src/testing/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^sdk/src/|^node_modules/vitest/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'command-line-on-top',
      severity: 'error',
      from: { path: '^(?:server|sdk)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'command-line-by-the-front-door',
      comment:
        'What runs without a server is in command.ts; the others are tables that need nothing, and are there at once.',
      severity: 'error',
      from: { path: '^cli/src/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^server/',
        pathNot: '^server/src/(?:command|errors/did-you-mean|settings/options|apps/slug)\\.ts$',
      },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^(?:server|sdk|cli)/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^sdk/dist/' },
    tsPreCompilationDeps: true,
    // `roadbase` is the SDK's source, as for the compiler.
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
