import { stage } from './stage.mjs'

// node scripts/image/write.mjs <folder>: the tree of the image, into a folder that is made.
const [target] = process.argv.slice(2)
if (target === undefined) {
  console.error('Usage: node scripts/image/write.mjs <folder>')
  process.exit(2)
}
await stage(target)
