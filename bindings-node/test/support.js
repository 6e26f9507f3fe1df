'use strict'
const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const { Scorer } = require('..')

const root = join(__dirname, '../..')
const artefacts = {
  german: 'tests/artefacts/v1/south_german_credit.json',
  synthetic: 'tests/artefacts/v1/synthetic.json',
  accounts: 'tests/artefacts/v1/current_accounts.json',
  // `Pipeline.expert_only(config())` of bindings-python/tests/test_review.py.
  reviewed: 'bindings-node/test/data/reviewed_accounts.json',
}
const options = { asOf: '2026-11-21' }

/** The text of a file of the repository. */
const text = (path) => readFileSync(join(root, path), 'utf8')

/** The scorer of one of `artefacts`. */
const scorer = (name) => Scorer.fromJson(text(artefacts[name]))

/** The cases of a conformance file that are no errors: their records, numbers restored from their bits. */
const records = (path) => {
  const { cases } = JSON.parse(text(path))
  return cases.map(({ record, ...rest }) => ({ ...rest, record: unbox(record) }))
}

/** The cells of a conformance file, numbers restored from their bits. */
const unbox = (cells) => {
  const cell = (value) => (value !== null && typeof value === 'object' ? fromBits(value.bits) : value)
  return Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, cell(value)]))
}

const view = new DataView(new ArrayBuffer(8))
const fromBits = (hex) => (view.setBigUint64(0, BigInt(`0x${hex}`)), view.getFloat64(0))
const bits = (x) => (view.setFloat64(0, x), view.getBigUint64(0).toString(16).padStart(16, '0'))

/** The canonical line of a decision: equal lines are equal decisions, to the last bit. */
const canonical = (d) => {
  const number = (x) => (x === null ? '-' : bits(x))
  const name = (x) => x ?? '-'
  return [
    ...[bits(d.score), bits(d.pd), name(d.tier), name(d.outcome), name(d.limit), name(d.limitBinding), name(d.amount)],
    ...[name(d.instalment), number(d.rate), name(d.rateBound), number(d.raroc), number(d.rateNeeded), number(d.rateCap)],
    ...[d.reasons.map((reason) => reason.code).join(',') || '-', d.unseen, number(d.expertScore), name(d.clientClass)],
  ].join('|')
}

/** The columns of records, as arrays. */
const columnsOf = (scorer, records) => {
  return Object.fromEntries(scorer.fields.map(({ name }) => [name, records.map((record) => record[name])]))
}

/** The vectors of calculations: name, input, and the line that a batch answers. */
const vectors = text('tests/conformance/calculations.tsv')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'))
  .map(([name, input, line]) => ({ name, input: JSON.parse(input), line: JSON.parse(line) }))

/** What `body` throws or rejects with; checks that it is one of the library's errors and names `field`. */
const fails = async (body, code, field) => {
  let error
  try {
    await body()
  } catch (thrown) {
    error = thrown
  }
  assert.ok(error instanceof Error, 'nothing was thrown')
  assert.equal(error.code, code, error.message)
  assert.ok(error.problems.length > 0)
  if (field !== undefined) assert.equal(error.problems[0].field, field)
  return error
}

module.exports = { artefacts, canonical, columnsOf, fails, options, records, root, scorer, text, unbox, vectors }
