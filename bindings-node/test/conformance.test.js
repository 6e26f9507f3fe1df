'use strict'
// The vectors that every language runs: each case alone, as a typed row, and the good ones as one batch.
const assert = require('node:assert/strict')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')
const test = require('node:test')

const { Part, Scorer, parseDate } = require('..')
const { canonical, columnsOf, fails, records, root, text } = require('./support')

const files = readdirSync(join(root, 'tests/conformance')).filter((name) => name.endsWith('.json'))

test('there are vectors', () => assert.ok(files.length > 0))

for (const file of files) {
  const path = `tests/conformance/${file}`
  const { artefact, as_of: asOf } = JSON.parse(text(path))
  const scorer = Scorer.fromJson(text(artefact))
  const cases = records(path)
  const good = cases.filter(({ error }) => error === undefined)

  test(`${file}: one by one`, async () => {
    for (const { name, record, line, error } of cases) {
      if (error === undefined) {
        assert.equal(canonical(scorer.decide(record, { asOf })), line, name)
      } else {
        await fails(() => scorer.decide(record, { asOf }), error.name, error.field)
      }
    }
  })

  test(`${file}: as one batch`, async () => {
    const batch = await scorer.decideBatch(columnsOf(scorer, good.map(({ record }) => record)), { asOf, threads: 2 })
    assert.deepEqual(batch.errors, [])
    good.forEach(({ name, line }, row) => assert.equal(canonical(batch.row(row)), line, name))
  })

  test(`${file}: as typed rows`, () => {
    const { fields } = scorer
    for (const { name, record } of good) {
      const out = new Float64Array(Part.Length)
      scorer.decideInto(Float64Array.from(fields, (field) => cell(scorer, field, record[field.name])), out, asOf)
      const decision = scorer.decide(record, { asOf })
      assert.deepEqual(readable(scorer, out), { ...decision, reasons: decision.reasons.map(({ code }) => code) }, name)
    }
  })
}

/** The element of a typed row that stands for a value; what no output depends on is left out. */
function cell(scorer, { kind, required }, value) {
  if (value === null || value === undefined || !required) return NaN
  return { number: Number, category: (level) => scorer.level(level), date: parseDate, flag: Number }[kind](value)
}

/** The parts of a decision as `decide` gives them, from what `decideInto` wrote. */
function readable(scorer, out) {
  const number = (part) => (Number.isNaN(out[part]) ? null : out[part])
  const name = (names, part) => names[out[part]] ?? null
  const money = (part) => {
    if (Number.isNaN(out[part])) return null
    const digits = String(out[part]).padStart(scorer.decimals + 1, '0')
    return `${digits.slice(0, -scorer.decimals)}.${digits.slice(-scorer.decimals)}`
  }
  const reasons = [Part.Reason1, Part.Reason2, Part.Reason3, Part.Reason4]
  return {
    score: out[Part.Score],
    pd: out[Part.Pd],
    tier: name(scorer.tiers, Part.Tier),
    outcome: name(scorer.outcomes, Part.Outcome),
    limit: money(Part.Limit),
    limitBinding: name(scorer.limits, Part.LimitBinding),
    amount: money(Part.Amount),
    instalment: money(Part.Instalment),
    rate: number(Part.Rate),
    rateBound: name(scorer.rateBounds, Part.RateBound),
    raroc: number(Part.Raroc),
    rateNeeded: number(Part.RateNeeded),
    rateCap: number(Part.RateCap),
    reasons: reasons.filter((part) => !Number.isNaN(out[part])).map((part) => scorer.reasons[out[part]].code),
    unseen: out[Part.Unseen],
    expertScore: number(Part.ExpertScore),
    clientClass: name(scorer.classes, Part.ClientClass),
  }
}
