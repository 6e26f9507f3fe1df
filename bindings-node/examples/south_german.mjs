// Decides South German Credit with a model file, row by row and as one batch, and prints the SHA-256 of the canonical
// lines of all decisions: the same two hashes as in every other language.
// usage: node south_german.mjs MODEL.json DATA.csv AS_OF
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { Scorer } from '../index.js'

const [model, data, asOf] = process.argv.slice(2)
if (asOf === undefined) {
  console.error('usage: node south_german.mjs MODEL.json DATA.csv AS_OF')
  process.exit(2)
}

const scorer = await Scorer.load(model)
const [header, ...lines] = readFileSync(data, 'utf8').trimEnd().split('\n')
const names = header.split(',')
const rows = lines.map((line) => line.split(','))

// The columns of the model's fields. `Number` reads a decimal exactly; empty text is missing.
const columns = Object.fromEntries(
  scorer.fields.map(({ name, kind }) => {
    const at = names.indexOf(name)
    if (at < 0) throw new Error(`the file has no column ${name}`)
    const read = kind === 'number' ? Number : (text) => text
    return [name, rows.map((row) => (row[at] === '' ? null : read(row[at])))]
  }),
)

const single = rows.map((_, row) => {
  const record = Object.fromEntries(scorer.fields.map(({ name }) => [name, columns[name][row]]))
  return scorer.decide(record, { asOf })
})
const decisions = await scorer.decideBatch(columns, { asOf })
const batch = rows.map((_, row) => decisions.row(row))

/** The 16 hex digits of a double's bits. */
function bits(x) {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(x)
  return bytes.toString('hex')
}

/** The canonical line of a decision: 17 parts, `-` where absent. */
function canonical(d) {
  const number = (x) => (x === null ? '-' : bits(x))
  return [
    bits(d.score),
    bits(d.pd),
    d.tier ?? '-',
    d.outcome ?? '-',
    d.limit ?? '-',
    d.limitBinding ?? '-',
    d.amount ?? '-',
    d.instalment ?? '-',
    number(d.rate),
    d.rateBound ?? '-',
    number(d.raroc),
    number(d.rateNeeded),
    number(d.rateCap),
    d.reasons.map((reason) => reason.code).join(',') || '-',
    d.unseen,
    number(d.expertScore),
    d.clientClass ?? '-',
  ].join('|')
}

const hash = (decisions) => createHash('sha256').update(decisions.map((d) => `${canonical(d)}\n`).join('')).digest('hex')
console.log(`node    single ${hash(single)}`)
console.log(`node    batch  ${hash(batch)}`)
