// Writes index.d.ts and index.js from what the compiled add-on declares; with --check, tells whether they are up to date.
// usage: node scripts/types.mjs <folder of type definitions> [--check]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { generateTypeDef, writeJsBinding } from '@napi-rs/cli'

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const [typeDefDir, mode] = process.argv.slice(2)
const { name, version, napi } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

const { dts, exports } = await generateTypeDef({ typeDefDir, cwd: here, dtsHeaderFile: 'types.d.ts.header', constEnum: false })
if (exports.length === 0) throw new Error(`no type definitions in ${typeDefDir}: build the add-on first`)

const scratch = mkdtempSync(join(tmpdir(), 'scoreline-types-'))
try {
  await writeJsBinding({ platform: true, idents: exports, binaryName: napi.binaryName, packageName: name, version, outputDir: scratch })
  const loader = readFileSync(join(scratch, 'index.js'), 'utf8')
  for (const [file, text] of [['index.d.ts', dts], ['index.js', loader]]) {
    if (mode !== '--check') {
      writeFileSync(join(here, file), text)
    } else if (readFileSync(join(here, file), 'utf8') !== text) {
      console.error(`bindings-node/${file} is out of date: run \`make types\` and commit it`)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(scratch, { recursive: true })
}
