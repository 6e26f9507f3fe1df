'use strict'
const assert = require('node:assert/strict')
const test = require('node:test')

const { Part, parseDate } = require('..')
const { canonical, fails, options, records, scorer } = require('./support')

const german = scorer('german')
const synthetic = scorer('synthetic')
const [{ record }] = records('tests/conformance/decide.json')
const [{ record: mixed }] = records('tests/conformance/synthetic.json')

test('a decision is a plain object with every part', () => {
  const decision = german.decide(record, options)
  assert.equal(Object.getPrototypeOf(decision), Object.prototype)
  const parts = ['score', 'pd', 'tier', 'outcome', 'limit', 'limitBinding', 'amount', 'instalment', 'rate', 'rateBound']
  assert.deepEqual(Object.keys(decision), [...parts, 'raroc', 'rateNeeded', 'rateCap', 'reasons', 'unseen', 'expertScore', 'clientClass'])
  assert.deepEqual([decision.tier, decision.outcome, decision.limit, decision.rateNeeded], ['B', 'approve', '3450.00', null])
  assert.deepEqual(decision.reasons.map(({ code }) => code), ['W03', 'R01', 'R06', 'R05'])
  const known = new Map(german.reasons.map(({ code, text }) => [code, text]))
  for (const { code, text } of decision.reasons) assert.equal(text, known.get(code))
  assert.ok(decision.reasons.every(Object.isFrozen) && !Object.isFrozen(decision.reasons))
})

test('null, undefined, NaN and an absent property are missing', () => {
  const { duration, ...without } = record
  const expected = canonical(german.decide(without, options))
  assert.notEqual(canonical(german.decide(record, options)), expected)
  for (const missing of [null, undefined, NaN]) {
    assert.equal(canonical(german.decide({ ...record, duration: missing }, options)), expected)
  }
  const flag = canonical(synthetic.decide({ ...mixed, homeowner: undefined, opened: undefined }, options))
  assert.equal(canonical(synthetic.decide({ ...mixed, homeowner: null, opened: null }, options)), flag)
})

test('an unknown property names the nearest field', async () => {
  const error = await fails(() => german.decide({ ...record, durration: 8 }, options), 'invalid_data', 'durration')
  assert.match(error.problems[0].remedy, /duration/)
  await fails(() => german.decide({ 0: 1 }, options), 'invalid_data', '0')
  await fails(() => german.decide({ __proto__: null, constructor: 1 }, options), 'invalid_data', 'constructor')
  await fails(() => german.decide(JSON.parse('{"__proto__": 1}'), options), 'invalid_data', '__proto__')
})

test('a value of another kind is an error that does not show it', async () => {
  const other = [
    [german, record, 'amount', ['31415', '', true, {}, [], [31415], 31415n, Symbol('s'), () => 31415, new Date(31415), Object(31415)]],
    [german, record, 'status', [31415, true, {}, ['1'], 1n]],
    [synthetic, mixed, 'homeowner', ['true', '31415', 1, 0, {}]],
    [synthetic, mixed, 'opened', ['31415', '', '21.11.2026', '2026-02-30', 31415, new Date(31415), true]],
  ]
  for (const [scorer, record, field, values] of other) {
    for (const value of values) {
      const error = await fails(() => scorer.decide({ ...record, [field]: value }, options), 'invalid_data', field)
      assert.ok(!error.message.includes('31415'))
    }
  }
})

test('infinite numbers are refused, extreme ones decided', async () => {
  await fails(() => german.decide({ ...record, amount: Infinity }, options), 'invalid_data', 'amount')
  await fails(() => german.decide({ ...record, amount: -Infinity }, options), 'invalid_data', 'amount')
  for (const amount of [1e308, -1e308, 5e-324, -0, Number.MAX_SAFE_INTEGER]) {
    const { score, pd } = german.decide({ ...record, amount }, options)
    assert.ok(Number.isFinite(score) && pd > 0 && pd < 1)
  }
})

test('a level never seen is decided and counted', () => {
  for (const status of ['a level never seen', '', '\u0000', '😀'.repeat(5000), '\ud800']) {
    assert.equal(german.decide({ ...record, status }, options).unseen, german.decide(record, options).unseen + 1)
  }
})

test('no legal price is an answer', () => {
  const cases = records('tests/conformance/decide.json').filter(({ error }) => error === undefined)
  const decisions = cases.map(({ record }) => german.decide(record, options)).filter(({ rateNeeded }) => rateNeeded !== null)
  assert.ok(decisions.length > 0)
  for (const { rate, rateBound, raroc, rateNeeded, rateCap, outcome } of decisions) {
    assert.deepEqual([rate, rateBound, raroc, outcome], [null, null, null, 'decline'])
    assert.ok(rateNeeded > rateCap)
  }
})

test('options are read strictly', async () => {
  await fails(() => german.decide(record), 'invalid_data')
  await fails(() => german.decide(record, {}), 'invalid_data')
  await fails(() => german.decide(record, { asof: '2026-11-21' }), 'invalid_data', 'asof')
  await fails(() => german.decide(record, { ...options, threads: 1 }), 'invalid_data', 'threads')
  await fails(() => german.decide(record, { asOf: '21.11.2026' }), 'invalid_data', 'asOf')
  await fails(() => german.decide(record, { asOf: new Date() }), 'invalid_data', 'asOf')
  await fails(() => german.decide(record, '2026-11-21'), 'invalid_data', 'options')
})

test('an error of the caller passes unchanged, and a getter may use the scorer', () => {
  const mine = new RangeError('mine')
  const thrower = {
    get duration() {
      throw mine
    },
  }
  assert.throws(() => german.decide(thrower, options), mine)
  assert.throws(() => german.decide(new Proxy({}, { ownKeys: () => { throw mine } }), options), mine)
  const expected = canonical(german.decide(record, options))
  const nested = {
    ...record,
    get duration() {
      assert.equal(canonical(german.decide(record, options)), expected)
      return record.duration
    },
  }
  assert.equal(canonical(german.decide(nested, options)), expected)
})

test('typed rows refuse what is no cell', async () => {
  const { fields } = synthetic
  const at = (name) => fields.findIndex((field) => field.name === name)
  const cells = new Float64Array(fields.length).fill(NaN)
  const out = new Float64Array(Part.Length)
  const decide = (name, x, array = Float64Array.from(cells)) => {
    array[at(name)] = x
    synthetic.decideInto(array, out, options.asOf)
  }
  decide('opened', parseDate('2020-02-29'))
  decide('homeowner', 1)
  decide('job', synthetic.level('retired'))
  assert.equal(synthetic.level('retired'), synthetic.level('retired'))
  for (const [name, values] of [
    ['opened', [0.5, 1e10, Infinity]],
    ['homeowner', [2, -1, 0.5, Infinity]],
    ['job', [4_000_000, -1, 0.5, 1e300, Infinity]],
    ['amount', [Infinity, -Infinity]],
  ]) {
    for (const value of values) await fails(() => decide(name, value), 'invalid_data', name)
  }
  await fails(() => synthetic.decideInto(cells.subarray(1), out, options.asOf), 'invalid_data', 'cells')
  await fails(() => synthetic.decideInto(Array.from(cells), out, options.asOf), 'invalid_data', 'cells')
  await fails(() => synthetic.decideInto(cells, new Float64Array(3), options.asOf), 'invalid_data', 'out')
  await fails(() => synthetic.decideInto(cells, new Float32Array(Part.Length), options.asOf), 'invalid_data', 'out')
  await fails(() => synthetic.decideInto(cells, new Float64Array(new SharedArrayBuffer(1024)), options.asOf), 'invalid_data', 'out')
  await fails(() => synthetic.decideInto(cells, out, 20778), 'invalid_data', 'asOf')
  const moved = Float64Array.from(cells)
  structuredClone(moved.buffer, { transfer: [moved.buffer] })
  await fails(() => synthetic.decideInto(moved, out, options.asOf), 'invalid_data', 'cells')
})
