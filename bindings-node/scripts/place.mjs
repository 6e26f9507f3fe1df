// Puts the compiled add-on where index.js looks for it. usage: node scripts/place.mjs <folder of cargo's output>
import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const { platform, arch } = process
const [file, abi] = { linux: ['libscoreline_node.so', '-gnu'], darwin: ['libscoreline_node.dylib', ''], win32: ['scoreline_node.dll', '-msvc'] }[platform]
const place = join(here, `scoreline.${platform}-${arch}${abi}.node`)
rmSync(place, { force: true }) // a running Node keeps the old file
copyFileSync(join(process.argv[2], file), place)
