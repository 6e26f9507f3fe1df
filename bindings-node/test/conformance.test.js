'use strict'
// The vectors that every language runs: each case alone, as a typed row, and the good ones as one batch.
const assert = require('node:assert/strict')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')
const test = require('node:test')

const { Part, Scorer, parseDate } = require('..')
const { canonical, columnsOf, fails, records, root, text, unbox } = require('./support')

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

for (const file of readdirSync(join(root, 'tests/conformance/reviews')).filter((name) => name.endsWith('.json'))) {
  const { artefact } = JSON.parse(text(`tests/conformance/reviews/${file}`))
  const scorer = Scorer.fromJson(text(artefact))
  const cases = records(`tests/conformance/reviews/${file}`)
  assert.ok(cases.length > 20)

  test(`reviews/${file}: one by one`, async () => {
    for (const { name, today, tier, since, record, line, error } of cases) {
      if (error === undefined) {
        assert.equal(scorer.review(record, { today, tier, since }).canonical, line, name)
      } else {
        await fails(() => scorer.review(record, { today, tier, since }), error.name, error.field)
      }
    }
  })

  test(`reviews/${file}: as batches`, async () => {
    for (const today of new Set(cases.map((one) => one.today))) {
      const good = cases.filter((one) => one.today === today && one.error === undefined)
      const columns = columnsOf(scorer, good.map(({ record }) => record))
      const previous = good.map(({ tier }) => tier)
      const since = good.map((one) => one.since)
      const reviews = await scorer.reviewBatch(columns, { today, previous, since, threads: 2 })
      assert.deepEqual(reviews.errors, [])
      good.forEach(({ name, line }, row) => assert.equal(reviews.row(row).canonical, line, name))
    }
  })
}

for (const file of readdirSync(join(root, 'tests/conformance/events')).filter((name) => name.endsWith('.json'))) {
  const { artefact, cases } = JSON.parse(text(`tests/conformance/events/${file}`))
  const scorer = Scorer.fromJson(text(artefact))
  const read = ({ source, event }) => ({ source, event: unbox(event) })
  const bySource = (events) => {
    const lists = {}
    for (const { source, event } of events) (lists[source] ??= []).push(event)
    return lists
  }
  assert.ok(cases.length > 20)

  test(`events/${file}: in lists`, async () => {
    for (const { name, as_of: asOf, events, refused, later, record, values, line } of cases) {
      const found = scorer.windowsOf(bySource([...events, ...later].map(read)), asOf)
      assert.deepStrictEqual(found, values, name)
      assert.equal(canonical(scorer.decide({ ...record, ...found }, { asOf })), line, name)
      for (const { error, ...event } of refused) {
        await fails(() => scorer.windowsOf(bySource([...events, event].map(read)), asOf), error.name, error.field)
      }
    }
  })

  test(`events/${file}: one by one`, async () => {
    for (const { name, as_of: asOf, events, refused, later, record, values, cut, line } of cases) {
      let state = scorer.events()
      for (const { source, event } of events.map(read)) {
        state.add(source, event)
        state = scorer.events(state.toJson())
      }
      const before = state.toJson()
      for (const { error, ...event } of refused) {
        await fails(() => state.add(event.source, read(event).event), error.name, error.field)
      }
      assert.equal(state.toJson(), before, name)
      const found = state.read(asOf)
      assert.deepStrictEqual(found, values, name)
      assert.deepEqual(state.cut(asOf), cut, name)
      assert.equal(canonical(scorer.decide({ ...record, ...found }, { asOf })), line, name)
      for (const { source, event } of later.map(read)) {
        state.add(source, event)
        await fails(() => state.read(asOf), 'invalid_data', 'as_of')
      }
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
