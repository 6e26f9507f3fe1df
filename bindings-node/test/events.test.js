'use strict'
// One entity's events: what is missing, what is refused, and that a refusal leaves the state as it was.
const assert = require('node:assert/strict')
const test = require('node:test')

const { Scorer } = require('..')
const { artefacts, fails, scorer, text } = require('./support')

const asOf = '2026-08-31'
const payment = { booked: '2026-08-10', known: '2026-08-11', reference: 17, amount: 40.125, currency: 'EUR', direction: 'in' }

test('a state says what it knows as of a day, and its text goes on from there', () => {
  const accounts = scorer('accounts')
  const state = accounts.events()
  state.add('transactions', payment)
  state.add('transactions', { ...payment, amount: 99, reference: '17' })
  assert.equal(state.read(asOf).inflow_90d, 40.12)
  assert.equal(state.read(asOf).worst_since, null)
  assert.equal(Object.getPrototypeOf(state.read(asOf)), Object.prototype)
  assert.deepEqual(Object.keys(state.read(asOf)), JSON.parse(text(artefacts.accounts)).pipeline.events.windows.map(({ name }) => name))
  assert.deepEqual(accounts.windowsOf({ transactions: [payment] }, asOf), state.read(asOf))
  const other = accounts.events(state.toJson())
  other.add('repayments', { due: '2026-08-20', days_late: 3 })
  assert.deepEqual([other.read(asOf).worst_since, state.read(asOf).worst_since], [0, null])
  for (let at = 0; at < 9; at++) state.add('transactions', { ...payment, reference: `${at} again`, amount: at })
  assert.deepEqual(state.cut(asOf), ['median'])
  assert.deepEqual(other.cut(asOf), [])
  const decision = accounts.decide({ ...state.read(asOf), amount: 100 }, { asOf })
  assert.ok(decision.pd > 0 && decision.pd < 1)
})

test('no event is no error', () => {
  const accounts = scorer('accounts')
  assert.deepEqual(accounts.windowsOf({}, asOf), accounts.events().read(asOf))
  assert.deepEqual(accounts.windowsOf(Object.create({ transactions: [payment] }), asOf), accounts.events().read(asOf))
  assert.deepEqual(accounts.windowsOf({ transactions: [], repayments: [] }, asOf), accounts.events().read(asOf))
})

test('what is refused names the column and leaves the state as it was', async () => {
  const accounts = scorer('accounts')
  const state = accounts.events()
  state.add('transactions', payment)
  const before = state.toJson()
  const cases = [
    ['transaction', payment, 'transaction'],
    ['transactions', { ...payment, ammount: 1 }, 'ammount'],
    ['transactions', { ...payment, amount: '40' }, 'amount'],
    ['transactions', { ...payment, amount: {} }, 'amount'],
    ['transactions', { ...payment, amount: Infinity }, 'amount'],
    ['transactions', { ...payment, amount: 1e17 }, 'amount'],
    ['transactions', { ...payment, cash: 1 }, 'cash'],
    ['transactions', { ...payment, currency: 'USD' }, 'currency'],
    ['transactions', { ...payment, booked: undefined }, 'booked'],
    ['transactions', { ...payment, booked: 20_000 }, 'booked'],
    ['transactions', { ...payment, booked: '10.08.2026' }, 'booked'],
    ['transactions', { ...payment, booked: new Date() }, 'booked'],
    ['transactions', { ...payment, known: null }, 'known'],
    ['transactions', { ...payment, reference: null }, 'reference'],
    ['transactions', { ...payment, reference: 0.5 }, 'reference'],
    ['transactions', { ...payment, reference: true }, 'reference'],
    ['transactions', [payment], 'event'],
    ['transactions', undefined, 'event'],
    [undefined, payment, 'source'],
  ]
  for (const [source, event, field] of cases) {
    const error = await fails(() => state.add(source, event), 'invalid_data', field)
    assert.ok(!/USD|10\.08|0\.5/.test(error.message), error.message)
  }
  assert.equal(state.toJson(), before)
  const thrown = new Error('thrown by a getter')
  assert.throws(() => state.add('transactions', { ...payment, get amount() { throw thrown } }), thrown)
  assert.equal(state.toJson(), before)
})

test('reading an event may use the state that it is added to', () => {
  const state = scorer('accounts').events()
  const inner = { ...payment, reference: 'inner' }
  state.add('transactions', { ...payment, get amount() { state.add('transactions', inner); return 1 } })
  assert.equal(state.read(asOf).inflow_90d, 41.12)
})

test('lists say which event is refused', async () => {
  const accounts = scorer('accounts')
  const repayment = { due: '2026-08-20', days_late: 3 }
  const lists = { repayments: [repayment], transactions: [payment, { ...payment, cash: 'no' }] }
  const error = await fails(() => accounts.windowsOf(lists, asOf), 'invalid_data', 'cash')
  assert.equal(error.problems[0].row, 2)
  const late = await fails(() => accounts.windowsOf({ repayments: [repayment, { due: null }] }, asOf), 'invalid_data', 'due')
  assert.equal(late.problems[0].row, 1)
  await fails(() => accounts.windowsOf({ payments: [] }, asOf), 'invalid_data', 'payments')
  await fails(() => accounts.windowsOf({ repayments: repayment }, asOf), 'invalid_data', 'repayments')
  await fails(() => accounts.windowsOf({ repayments: null }, asOf), 'invalid_data', 'repayments')
  await fails(() => accounts.windowsOf([], asOf), 'invalid_data', 'events')
  await fails(() => accounts.windowsOf({}), 'invalid_data', 'asOf')
  await fails(() => accounts.windowsOf({}, '31.08.2026'), 'invalid_data', 'asOf')
})

test('states belong to one set of features, and some models have none', async () => {
  const accounts = scorer('accounts')
  const state = accounts.events()
  state.add('transactions', payment)
  await fails(() => state.read('2026-08-10'), 'invalid_data', 'as_of')
  await fails(() => state.read(), 'invalid_data', 'asOf')
  await fails(() => state.cut(7), 'invalid_data', 'asOf')
  const json = state.toJson()
  const { set } = JSON.parse(json)
  await fails(() => accounts.events(json.replace(set, '0'.repeat(set.length))), 'incompatible', 'state')
  await fails(() => accounts.events(json.slice(0, -9)), 'incompatible', 'state')
  await fails(() => accounts.events(''), 'incompatible', 'state')
  await fails(() => accounts.events(7), 'invalid_data', 'json')
  await fails(() => scorer('german').events(), 'invalid_data', 'scorer')
  await fails(() => scorer('german').windowsOf({}, asOf), 'invalid_data', 'scorer')
  for (const self of [undefined, {}, accounts, Scorer]) {
    for (const name of ['add', 'read', 'cut', 'toJson']) assert.throws(() => state[name].call(self, asOf), Error)
  }
  assert.throws(() => new state.constructor(), Error)
})
