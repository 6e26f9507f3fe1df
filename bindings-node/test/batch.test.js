'use strict'
const assert = require('node:assert/strict')
const test = require('node:test')

const { parseDate } = require('..')
const { canonical, columnsOf, fails, options, records, scorer } = require('./support')

const german = scorer('german')
const synthetic = scorer('synthetic')
const good = (path) => records(path).filter(({ error }) => error === undefined).map(({ record }) => record)
const people = good('tests/conformance/decide.json')
const mixed = good('tests/conformance/synthetic.json')

/** The same columns in the quick forms: typed arrays and dictionaries. */
const typed = (scorer, columns) => {
  const forms = {
    number: (cells) => Float64Array.from(cells, (x) => x ?? NaN),
    category: (cells) => {
      const levels = [...new Set(cells.filter((level) => level != null))]
      return { codes: Int32Array.from(cells, (level) => (level == null ? -1 : levels.indexOf(level))), levels }
    },
    date: (cells) => (cells.every((day) => day != null) ? Int32Array.from(cells, parseDate) : cells),
    flag: (cells) => cells,
  }
  return Object.fromEntries(scorer.fields.map(({ name, kind }) => [name, forms[kind](columns[name])]))
}

test('a batch gives the bits of single decisions, in every form and on any number of threads', async () => {
  for (const [scorer, records] of [[german, people], [synthetic, mixed], [synthetic, mixed.filter((record) => record.opened && record.applied)]]) {
    const many = Array.from({ length: 40_000 }, (_, row) => records[row % records.length])
    const lines = records.map((record) => canonical(scorer.decide(record, options)))
    for (const [rows, columns] of [
      [records, columnsOf(scorer, records)],
      [records, typed(scorer, columnsOf(scorer, records))],
      [many, typed(scorer, columnsOf(scorer, many))],
    ]) {
      for (const threads of [0, 1, 3]) {
        const batch = await scorer.decideBatch(columns, { ...options, threads })
        assert.equal(batch.rows, rows.length)
        assert.deepEqual(batch.errors, [])
        for (let row = 0; row < rows.length; row += 1 + (rows.length >> 10)) {
          assert.equal(canonical(batch.row(row)), lines[row % lines.length])
        }
      }
    }
  }
})

test('columns of a result say what the rows say', async () => {
  const batch = await german.decideBatch(columnsOf(german, people), options)
  const scores = await german.scoreBatch(columnsOf(german, people))
  const money = (minor) => (minor === -(2n ** 63n) ? null : Number(minor) / 100)
  const number = (x) => (Number.isNaN(x) ? null : x)
  for (let row = 0; row < batch.rows; row++) {
    const one = batch.row(row)
    assert.deepEqual([batch.status[row], batch.score[row], batch.pd[row], batch.unseen[row]], [0, one.score, one.pd, one.unseen])
    assert.deepEqual([scores.status[row], scores.score[row], scores.pd[row]], [0, one.score, one.pd])
    assert.equal(german.tiers[batch.tier[row]] ?? null, one.tier)
    assert.equal(german.tiers[scores.tier[row]] ?? null, one.tier)
    assert.equal(german.outcomes[batch.outcome[row]] ?? null, one.outcome)
    assert.equal(german.limits[batch.limitBinding[row]] ?? null, one.limitBinding)
    assert.equal(german.rateBounds[batch.rateBound[row]] ?? null, one.rateBound)
    for (const part of ['limit', 'amount', 'instalment']) {
      assert.equal(money(batch[part][row]), one[part] === null ? null : Number(one[part]))
    }
    for (const part of ['rate', 'raroc', 'rateNeeded', 'rateCap']) assert.equal(number(batch[part][row]), one[part])
    const reasons = [...batch.reasons.subarray(4 * row, 4 * row + 4)].filter((reason) => reason !== 255)
    assert.deepEqual(reasons.map((reason) => german.reasons[reason]), one.reasons)
  }
  assert.ok(people.some((_, row) => batch.rate[row] > 0) && people.some((_, row) => batch.rateNeeded[row] > 0))
  assert.equal(batch.score, batch.score)
  assert.deepEqual([batch.decimals, scores.rows], [2, people.length])
})

test('the event loop runs while a batch is in flight', async () => {
  const many = Array.from({ length: 200_000 }, (_, row) => people[row % people.length])
  let pending = true
  let turns = 0
  const turn = () => {
    turns += 1
    if (pending) setImmediate(turn)
  }
  const batch = german.decideBatch(typed(german, columnsOf(german, many)), { ...options, threads: 1 })
  setImmediate(turn)
  assert.equal((await batch).rows, many.length)
  pending = false
  assert.ok(turns > 1)
})

test('columns may change, move or vanish once the call has returned', async () => {
  const columns = typed(german, columnsOf(german, people))
  const expected = await german.decideBatch(columns, options)
  const pending = german.decideBatch(columns, options)
  columns.amount.fill(1)
  structuredClone(columns.duration.buffer, { transfer: [columns.duration.buffer] })
  columns.status.levels.length = 0
  assert.deepEqual((await pending).pd, expected.pd)
})

test('a row that cannot be decided has a status and an error; the others stand', async () => {
  for (const bad of [Infinity, -Infinity]) {
    const columns = columnsOf(german, people.slice(0, 4))
    columns.amount = Float64Array.of(columns.amount[0], bad, NaN, 1e308)
    const batch = await german.decideBatch(columns, options)
    assert.deepEqual([...batch.status], [0, 2, 0, 0])
    assert.deepEqual([batch.score[1], batch.tier[1], batch.limit[1]], [NaN, 255, -(2n ** 63n)])
    assert.equal(canonical(batch.row(0)), canonical(german.decide(people[0], options)))
    assert.equal(canonical(batch.row(2)), canonical(german.decide({ ...people[2], amount: null }, options)))
    const [error] = batch.errors
    assert.equal(batch.errors.length, 1)
    assert.deepEqual([error.row, error.code, error.problems[0].field], [1, 'invalid_data', 'amount'])
    const thrown = await fails(() => batch.row(1), 'invalid_data', 'amount')
    assert.equal(thrown.problems[0].row, 1)
    const scores = await german.scoreBatch(columns)
    assert.deepEqual([...scores.status], [0, 2, 0, 0])
    assert.equal(scores.errors[0].row, 1)
  }
})

test('an empty batch has no rows', async () => {
  const empty = Object.fromEntries(german.fields.map(({ name }) => [name, []]))
  const batch = await german.decideBatch(empty, options)
  assert.deepEqual([batch.rows, batch.score.length, batch.limit.length, batch.errors], [0, 0, 0, []])
  for (const row of [0, -1, 0.5, NaN, '0', undefined, 1e300]) await fails(() => batch.row(row), 'invalid_data', 'row')
  assert.equal((await german.decideBatch({ ...empty, amount: new Float64Array(0) }, options)).rows, 0)
})

test('columns that nothing reads are left alone', async () => {
  const columns = { ...columnsOf(german, people), age: Symbol('age'), id: 7 }
  assert.equal((await german.decideBatch(columns, options)).rows, people.length)
})

test('missing, short and wrong columns are refused with their name', async () => {
  const columns = columnsOf(german, people)
  const { amount, ...without } = columns
  const missing = await fails(() => german.decideBatch({ ...without, amont: amount }, options), 'invalid_data', 'amount')
  assert.match(missing.message, /amont/)
  await fails(() => german.decideBatch({ ...columns, amount: undefined }, options), 'invalid_data', 'amount')
  await fails(() => german.decideBatch({ ...columns, amount: amount.slice(1) }, options), 'invalid_data', 'amount')
  const one = [german, columns]
  const two = [synthetic, columnsOf(synthetic, mixed)]
  const n = people.length
  for (const [[scorer, columns], field, values] of [
    [one, 'amount', [null, 7, 'x', {}, { codes: new Int32Array(n), levels: [] }, new Float32Array(n), new BigInt64Array(n), new Uint8Array(n)]],
    [one, 'amount', [new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), new Float64Array(new SharedArrayBuffer(8 * n)), new Map()]],
    [one, 'status', [null, 'x', 7, {}, new Float64Array(n), new Int32Array(n), { codes: [0], levels: ['1'] }, { codes: new Int32Array(n) }]],
    [one, 'status', [{ codes: new Int32Array(n), levels: '1' }, { codes: new Int32Array(n), levels: [1] }]],
    [two, 'opened', [new Float64Array(mixed.length), {}, 'x']],
    [two, 'homeowner', [new Uint8Array(mixed.length), {}, 'x']],
  ]) {
    for (const value of values) {
      await fails(() => scorer.decideBatch({ ...columns, [field]: value }, options), 'invalid_data', field)
      await fails(() => scorer.scoreBatch({ ...columns, [field]: value }), 'invalid_data', field)
    }
  }
})

test('a cell of the wrong kind is refused with its row, and is not shown', async () => {
  const one = [german, columnsOf(german, people)]
  const two = [synthetic, columnsOf(synthetic, mixed)]
  for (const [[scorer, columns], field, values] of [
    [one, 'amount', ['31415', true, {}, 31415n]],
    [one, 'status', [31415, true, {}]],
    [two, 'opened', ['31415', 31415, new Date(31415)]],
    [two, 'homeowner', ['true', 1]],
  ]) {
    for (const value of values) {
      const cells = [...columns[field]]
      cells[5] = value
      const error = await fails(() => scorer.decideBatch({ ...columns, [field]: cells }, options), 'invalid_data', field)
      assert.equal(error.problems[0].row, 5)
      assert.ok(!error.message.includes('31415'))
    }
  }
})

test('codes outside the levels are missing', async () => {
  const columns = columnsOf(german, people.slice(0, 3))
  const coded = { ...columns, status: { codes: Int32Array.of(-1, 1, 2 ** 31 - 1), levels: ['1'] } }
  const missing = { ...columns, status: [null, null, null] }
  assert.deepEqual((await german.scoreBatch(coded)).pd, (await german.scoreBatch(missing)).pd)
})

test('options are read strictly', async () => {
  const columns = columnsOf(german, people)
  await fails(() => german.decideBatch(columns), 'invalid_data')
  await fails(() => german.decideBatch(columns, { asof: '2026-11-21' }), 'invalid_data', 'asof')
  for (const threads of [-1, 1.5, NaN, Infinity, '2', 5000, null]) {
    await fails(() => german.decideBatch(columns, { ...options, threads }), 'invalid_data', 'threads')
  }
  await fails(() => german.scoreBatch(columns, options), 'invalid_data', 'asOf')
  assert.equal((await german.decideBatch(columns, { ...options, threads: undefined })).rows, people.length)
})

test('wrong arguments reject the promise and do not throw', () => {
  const pending = german.decideBatch(7)
  assert.ok(pending instanceof Promise)
  return assert.rejects(pending, { code: 'invalid_data' })
})
