// What a call costs: nanoseconds a decision, the best of many short runs.
// usage: node scripts/measure.mjs MODEL.json DATA.csv AS_OF
import { readFileSync } from 'node:fs'

import { Part, Scorer } from '../index.js'

const [model, data, asOf] = process.argv.slice(2)
const scorer = await Scorer.load(model)
const { fields } = scorer
const [header, ...lines] = readFileSync(data, 'utf8').trimEnd().split('\n')
const names = header.split(',')
const rows = lines.map((line) => line.split(','))
const records = rows.map((row) =>
  Object.fromEntries(fields.map(({ name, kind }) => [name, kind === 'number' ? Number(row[names.indexOf(name)]) : row[names.indexOf(name)]])),
)
const cells = records.map((record) => Float64Array.from(fields, ({ name, kind }) => (kind === 'number' ? record[name] : scorer.level(record[name]))))
const out = new Float64Array(Part.Length)

const report = (name, nanoseconds) => console.log(`${name.padEnd(34)} ${nanoseconds.toFixed(0).padStart(6)} ns`)

function single(name, call) {
  let best = Infinity
  for (let run = 0; run < 60; run++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < 3000; i++) call(i % records.length)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 3000)
  }
  report(name, best)
}

single(`decide, ${fields.length} fields`, (i) => scorer.decide(records[i], { asOf }))
single('decideInto', (i) => scorer.decideInto(cells[i], out, asOf))
single('a getter of a number', () => scorer.decimals)

const count = 200_000
const many = Array.from({ length: count }, (_, i) => records[i % records.length])
const plain = Object.fromEntries(fields.map(({ name }) => [name, many.map((record) => record[name])]))
const typed = Object.fromEntries(
  fields.map(({ name, kind }) => {
    if (kind === 'number') return [name, Float64Array.from(plain[name])]
    const levels = [...new Set(plain[name])]
    return [name, { codes: Int32Array.from(plain[name], (level) => levels.indexOf(level)), levels }]
  }),
)
for (const [form, columns] of Object.entries({ plain, typed })) {
  for (const threads of [1, 0]) {
    const start = performance.now()
    const pending = scorer.decideBatch(columns, { asOf, threads })
    const called = performance.now()
    await pending
    report(`decideBatch ${form} ${threads || 'all'}: the call`, ((called - start) * 1e6) / count)
    report(`decideBatch ${form} ${threads || 'all'}: until done`, ((performance.now() - start) * 1e6) / count)
  }
}
