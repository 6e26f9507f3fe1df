'use strict'
// Schedules, rates, capital, losses and prices: the vectors that every language runs, one by one, in batches and over columns.
const assert = require('node:assert/strict')
const test = require('node:test')

const { calculate, calculateBatch, calculateColumns, calculations } = require('..')
const { fails, vectors } = require('./support')

test('every calculation has vectors', () => {
  assert.deepEqual(new Set(calculations()), new Set(vectors.map(({ name }) => name)))
  assert.ok(vectors.length >= 100)
})

test('one by one', async () => {
  for (const { name, input, line } of vectors) {
    if (line.error === undefined) {
      assert.deepEqual(calculate(name, input), line.answer, name)
    } else {
      await fails(() => calculate(name, input), line.error.name, line.error.problems[0].field)
    }
  }
})

test('in batches', async () => {
  for (const name of calculations()) {
    const chosen = vectors.filter((vector) => vector.name === name)
    const answers = await calculateBatch(name, chosen.map(({ input }) => input), { threads: 2 })
    assert.deepEqual(answers, chosen.map(({ line }) => line), name)
  }
  assert.deepEqual(await calculateBatch('raroc', []), [])
})

const exposure = { framework: 'basel3', exposure: { class: 'other_retail', pd: 0.01, lgd: 0.45 } }

test('over columns', async () => {
  const pd = Float64Array.from({ length: 5000 }, (_, row) => (row === 7 ? 7 : (row % 500) / 1000 + 0.001))
  const [one, many] = await Promise.all([1, 3].map((threads) => calculateColumns('irb_capital', exposure, { pd }, { threads })))
  assert.deepEqual(one, many)
  const { figures, status, errors } = one
  assert.deepEqual(Object.keys(figures), ['correlation', 'expected_loss', 'k', 'maturity_adjustment', 'risk_weight'])
  assert.ok(status instanceof Uint8Array && figures.k instanceof Float64Array && figures.k.length === pd.length)
  assert.deepEqual(errors.map(({ row, code, problems }) => [row, code, problems[0].field]), [[7, 'invalid_data', 'pd']])
  assert.ok(Number.isNaN(figures.k[7]) && status[7] === 2)
  for (const row of [0, 9, 499, 4999]) {
    const single = calculate('irb_capital', { ...exposure, exposure: { ...exposure.exposure, pd: pd[row] } })
    for (const [name, column] of Object.entries(figures)) assert.equal(`${column[row]}`, `${Number(single[name])}`, name)
  }
  assert.ok(Math.abs(figures.risk_weight[9] - 0.4577) < 1e-4, 'the published weight of a PD of 1 % and an LGD of 45 %')
})

test('a price is a text that the next call takes', () => {
  const terms = {
    months: 36, balance: { type: 'equal_instalment' }, pd: { type: 'yearly', pd: 0.03 }, lgd: '0.6', funding: 0.032, capital: 0.08, tax: 0.25,
  }
  const { solution, at } = calculate('lifetime_price', { terms, hurdle: 0.12 })
  assert.equal(typeof solution.rate, 'string')
  assert.deepEqual(calculate('lifetime_return', { terms, hurdle: 0.12, rate: solution.rate }).at, at)
})

test('what is no call', async () => {
  await fails(() => calculate(7, {}), 'invalid_data', 'name')
  await fails(() => calculate('rarok', {}), 'invalid_config', 'calculation')
  for (const input of [undefined, null, 7, '{}', [], () => 1]) await fails(() => calculate('raroc', input), 'invalid_data', 'input')
  await fails(() => calculate('raroc', { hurdle: Infinity, loan: {} }), 'invalid_data')
  await fails(() => calculateBatch('raroc', {}), 'invalid_data', 'inputs')
  await fails(() => calculateBatch('raroc', [{}, 7]), 'invalid_data', 'inputs')
  await fails(() => calculateBatch('rarok', [{}]), 'invalid_config', 'calculation')
  await fails(() => calculateBatch('raroc', [{}], { asOf: '2026-01-01' }), 'invalid_data', 'asOf')
  await fails(() => calculateColumns('irb_capital', exposure, { pd: [0.1] }), 'invalid_data', 'pd')
  await fails(() => calculateColumns('irb_capital', exposure, {}), 'invalid_data', 'columns')
  await fails(() => calculateColumns('irb_capital', exposure, { pdd: new Float64Array(1) }), 'invalid_data', 'pdd')
  await fails(() => calculateColumns('capm_hurdle', {}, { beta: new Float64Array(1) }), 'invalid_config', 'calculation')
  const circular = {}
  circular.self = circular
  assert.throws(() => calculate('raroc', circular), TypeError)
})
