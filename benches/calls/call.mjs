// The cost of one decision from Node: prints one line of JSON a kind of call.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { Part, Scorer } = createRequire(import.meta.url)('../../bindings-node')
const folder = process.argv[2]
const scorer = await Scorer.load(`${folder}/model.json`)
const [header, ...lines] = readFileSync(`${folder}/rows.csv`, 'utf8').trimEnd().split('\n')
const names = header.split(',')
const typed = lines.map((line) => Float64Array.from(line.split(','), Number))
const objects = typed.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at]])))

/** Nanoseconds a row, the best of several sweeps over all rows. */
function best(repeats, work) {
  let least = Infinity
  for (let i = 0; i < repeats; i += 1) {
    const start = process.hrtime.bigint()
    work()
    least = Math.min(least, Number(process.hrtime.bigint() - start))
  }
  return least / typed.length
}

const out = new Float64Array(Part.Length)
for (const [name, work] of [
  ['decide from Node, object of 20 fields', () => objects.forEach((record) => scorer.decide(record))],
  ['decideInto from Node, typed row of 20 fields', () => typed.forEach((cells) => scorer.decideInto(cells, out))],
]) {
  console.log(JSON.stringify({ name, ns: best(50, work) }))
}
