import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePackages, root } from './packages.mjs'
import { ensureCommands } from './system-packages.mjs'

ensurePackages()
const browsers = ['chromium', 'chromium-browser', 'google-chrome']
ensureCommands([{ commands: browsers, package: 'chromium', why: 'is the browser that the SDK is tested in' }])

const reports = mkdtempSync(join(tmpdir(), 'roadbase-test-'))
let passed = 0
let failed = 0

step('check', () => node('scripts/check.mjs'))
step('build', () => run('npm', ['run', 'build', '--silent']))
for (const project of ['unit', 'db', 'e2e']) vitest(project)

rmSync(reports, { recursive: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** A step without tests of its own counts only when it fails. */
function step(name, work) {
  title(name)
  if (work() !== 0) failed++
}

function vitest(project) {
  title(`${project} tests`)
  const report = join(reports, `${project}.json`)
  const status = node('node_modules/vitest/vitest.mjs', [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const counted = countOf(report)
  passed += counted.passed
  // A file that can not even be loaded has no tests that could fail, and vitest itself may break.
  failed += status !== 0 && counted.failed === 0 ? 1 : counted.failed
}

function countOf(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

function node(script, args = []) {
  return run(process.execPath, [join(root, script), ...args])
}

function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status
}

function title(text) {
  console.log(`\n== ${text}`)
}
