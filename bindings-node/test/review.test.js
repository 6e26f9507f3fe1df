'use strict'
// Reviews of accounts in the book: one account, a batch, a run of blocks, and their record. Model and accounts are those of
// bindings-python/tests/test_review.py; what is compared with constants was computed in Python.
const assert = require('node:assert/strict')
const test = require('node:test')

const { DecisionChain, ReviewRun, Reviews, Scorer, parseDate } = require('..')
const { columnsOf, fails, scorer, text } = require('./support')

const reviewed = scorer('reviewed')
const today = '2026-11-21'
const HASH = 'a4d31ad8693404dc8e9ddff51418afdf60d7decc0eeec8fdb4c2d7dec6f72167'
const RUN_HASH = '9e19b48ee23e2cbdadb1fcf4b7e07e8a75ac2c44fd131598b35537008a649c45'
const CHAIN_END = '4b8f4398bc16bb79d6abd7e9bca3b2618c949262e7870bc8458fc98bdda014f8'
const NO_DAY = -(2 ** 31)
const ROWS = 400

const before = (days) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10)
const accounts = Array.from({ length: ROWS }, (_, i) => ({
  record: {
    behaviour: (i * 37) % 101,
    credit_limit: 1000 + (i % 9) * 500,
    balance: (i * 53) % 4000,
    dpd: i % 11 === 7 ? null : i % 3 === 0 ? (i * 17) % 120 : 0,
    contactable: [true, false, null][i % 3],
    bureau: i % 13 === 0 ? null : 400 + ((i * 7) % 400),
    industry: ['hotels', 'steel', 'other', null][Math.floor(i / 5) % 4],
  },
  tier: [null, 'A', 'B', 'C', 'D'][i % 5],
  since: i % 5 === 0 ? null : before(i % 60),
}))
const columns = (part = accounts) => columnsOf(reviewed, part.map(({ record }) => record))
const known = (part = accounts) => ({ previous: part.map(({ tier }) => tier), since: part.map(({ since }) => since) })
const batch = (part = accounts) => reviewed.reviewBatch(columns(part), { today, ...known(part) })
const good = { behaviour: 78, credit_limit: 1000, balance: 100, dpd: 0, contactable: true, bureau: 600 }

test('a batch is its accounts, in every form and on any number of threads', async () => {
  const lines = accounts.map(({ record, tier, since }) => reviewed.review(record, { today, tier, since }).canonical)
  const { previous, since } = known()
  const letters = Uint8Array.from(previous, (tier) => (tier ?? ' ').charCodeAt(0))
  const days = Int32Array.from(since, (day) => (day === null ? NO_DAY : parseDate(day)))
  const forms = [
    { previous, since },
    { previous: previous.map((tier) => tier ?? ''), since: since.map((day) => day ?? undefined) },
    { previous: letters, since: days },
    { previous: letters, since, threads: 1 },
    { previous, since: days, threads: 3 },
  ]
  for (const form of forms) {
    const reviews = await reviewed.reviewBatch(columns(), { today, ...form })
    assert.ok(reviews instanceof Reviews)
    assert.deepEqual(lines, Array.from(lines, (_, row) => reviews.row(row).canonical))
    assert.equal(reviews.hash, HASH)
    assert.deepEqual([reviews.rows, reviews.decimals, reviews.errors], [ROWS, 2, []])
  }
  const none = accounts.map(({ record }) => reviewed.review(record, { today }).canonical)
  const first = await reviewed.reviewBatch(columns(), { today })
  assert.deepEqual(none, Array.from(none, (_, row) => first.row(row).canonical))
})

test('columns of a result say what the rows say', async () => {
  const reviews = await batch()
  const name = (names, index) => names[index] ?? null
  const number = (x) => (Number.isNaN(x) ? null : x)
  const money = (minor) => (minor === -(2n ** 63n) ? null : Number(minor) / 100)
  const day = (days) => (days === NO_DAY ? null : days)
  const bits = (set) => set.toString(2).replaceAll('0', '').length
  const seen = { held: new Set(), limitChange: new Set(), limitBinding: new Set(), action: new Set() }
  for (let row = 0; row < ROWS; row++) {
    const one = reviews.row(row)
    for (const part of ['score', 'pd', 'unseen', 'warning']) assert.equal(reviews[part][row], one[part], part)
    for (const part of ['forced', 'refer', 'decline']) assert.equal(reviews[part][row] === 1, one[part], part)
    for (const part of ['toBetter', 'toWorse']) assert.equal(number(reviews[part][row]), one[part], part)
    for (const part of ['tier', 'previous', 'indicated']) assert.equal(name(reviewed.tiers, reviews[part][row]), one[part], part)
    assert.equal(name(reviewed.held, reviews.held[row]), one.held)
    assert.equal(name(reviewed.limitChanges, reviews.limitChange[row]), one.limitChange)
    assert.equal(name(reviewed.limitBindings, reviews.limitBinding[row]), one.limitBinding)
    assert.equal(name(reviewed.actions, reviews.action[row]), one.action)
    assert.equal(reviews.since[row], parseDate(one.since))
    assert.equal(day(reviews.nextReview[row]), parseDate(one.nextReview))
    assert.equal(money(reviews.limit[row]), one.limit === null ? null : Number(one.limit))
    const reasons = [...reviews.reasons.subarray(4 * row, 4 * row + 4)].filter((reason) => reason !== 255)
    assert.deepEqual(reasons.map((reason) => reviewed.reasons[reason].code), one.reasons)
    const hits = ['strong', 'overlays', 'weak', 'indicators'].map((set) => bits(reviews[set][row]))
    assert.equal(hits.reduce((sum, count) => sum + count), one.hits.length)
    assert.deepEqual([bits(reviews.missing[row]), bits(reviews.expired[row])], [one.missing.length, one.expired.length])
    assert.equal(reviews.status[row], 0)
    for (const part of Object.keys(seen)) seen[part].add(one[part])
  }
  assert.ok(['band', 'dwell', 'no'].every((why) => seen.held.has(why)))
  assert.ok(['increase', 'decrease', 'keep'].every((change) => seen.limitChange.has(change)))
  assert.deepEqual([...seen.action].sort(), ['CALL', 'SELL', 'TRACE', 'WATCH'])
  assert.equal(reviews.score, reviews.score)
  assert.deepEqual(reviewed.actions, ['SELL', 'WATCH', 'CALL', 'TRACE'])
})

test('totals reconcile with the rows', async () => {
  const reviews = await batch()
  const { totals } = reviews
  const count = (test) => Array.from({ length: ROWS }, (_, row) => row).filter(test).length
  for (const [from, letter] of reviewed.tiers.entries()) {
    for (const [to, other] of reviewed.tiers.entries()) {
      assert.equal(totals.moves[letter][other], count((row) => reviews.previous[row] === from && reviews.tier[row] === to))
    }
    assert.equal(totals.first[letter], count((row) => reviews.previous[row] === 255 && reviews.tier[row] === from))
  }
  for (const [index, code] of reviewed.actions.entries()) {
    assert.equal(totals.actions[code], count((row) => reviews.action[row] === index))
  }
  assert.deepEqual(totals.warnings, [0, 1, 2].map((level) => count((row) => reviews.warning[row] === level)))
  const limits = reviews.limit.reduce((sum, limit) => (limit === -(2n ** 63n) ? sum : sum + limit), 0n)
  assert.equal(totals.limits, `${limits / 100n}.${String(limits % 100n).padStart(2, '0')}`)
  assert.deepEqual([totals.rows, totals.refused, totals.overlaid, totals.expired], [ROWS, 0, 100, 100])
  assert.deepEqual(totals.held, { band: 19, ceiling: 6, dwell: 28, no: 333, step: 14 })
  assert.deepEqual(totals.changes, { decrease: 207, increase: 21, keep: 172 })
})

test('memory holds a tier, and a strong rule does not wait', () => {
  const first = reviewed.review(good, { today })
  assert.deepEqual([first.tier, first.previous, first.since], ['A', null, today])
  assert.deepEqual(reviewed.review(good, { today, tier: null, since: null }), first)
  const held = reviewed.review(good, { today, tier: 'B', since: '2026-09-01' })
  assert.deepEqual([held.tier, held.indicated, held.held], ['B', 'A', 'band'])
  const late = reviewed.review({ ...good, dpd: 95 }, { today, tier: 'A', since: '2026-11-20' })
  assert.deepEqual([late.tier, late.forced, late.since], ['D', true, today])
  assert.deepEqual([late.hits, late.response, late.nextReview], [['S1', 'S2', 'I2'], 'act', '2026-11-23'])
  const unknown = reviewed.review({ ...good, dpd: null }, { today, tier: 'A', since: '2026-11-20' })
  assert.deepEqual([unknown.refer, unknown.missing], [true, ['S1', 'S2']])
  assert.equal(Object.getPrototypeOf(first), Object.prototype)
})

test('a bad row has a status and harms no other', async () => {
  const whole = await batch()
  const { previous, since } = known()
  previous[1] = 'E'
  since[2] = '2026-11-22'
  since[3] = null
  previous[6] = 'AA'
  previous[7] = 'd'
  const table = columns()
  table.behaviour[4] = Infinity
  const reviews = await reviewed.reviewBatch(table, { today, previous, since })
  const fields = reviews.errors.map(({ row, code, problems }) => [row, code, problems[0].field])
  const bad = [[1, 'previous_tier'], [2, 'since'], [3, 'since'], [4, 'behaviour'], [6, 'previous_tier'], [7, 'previous_tier']]
  assert.deepEqual(fields, bad.map(([row, field]) => [row, 'invalid_data', field]))
  for (let row = 0; row < ROWS; row++) {
    if (bad.some(([refused]) => refused === row)) {
      assert.deepEqual([reviews.status[row], reviews.tier[row], reviews.since[row], reviews.action[row]], [2, 255, NO_DAY, 65_535])
      assert.equal((await fails(() => reviews.row(row), 'invalid_data')).problems[0].row, row)
    } else {
      assert.equal(reviews.row(row).canonical, whole.row(row).canonical)
    }
  }
  assert.equal(reviews.totals.refused, bad.length)
  await fails(() => reviews.row(ROWS), 'invalid_data', 'row')
})

test('what is wrong with an argument is named', async () => {
  const since = '2026-11-01'
  const one = (options) => () => reviewed.review(good, options)
  const cases = [
    [undefined, 'today'],
    [{}, 'today'],
    [{ today: 20_000 }, 'today'],
    [{ today: new Date() }, 'today'],
    [{ today: '21.11.2026' }, 'today'],
    [{ today, asOf: today }, 'asOf'],
    [{ today, tier: 'B' }, 'since'],
    [{ today, tier: 'B', since: '2026-11-22' }, 'since'],
    [{ today, tier: 'B', since: 1 }, 'since'],
    ...['E', 'a', 'AA', '', 2, {}].map((tier) => [{ today, tier, since }, 'tier']),
  ]
  for (const [options, field] of cases) await fails(one(options), 'invalid_data', field)
  await fails(() => reviewed.review([], { today }), 'invalid_data', 'record')
  await fails(() => reviewed.review({ ...good, dpd: '0' }, { today }), 'invalid_data', 'dpd')

  const { previous, since: days } = known()
  const wrong = [
    [{ previous, since: days }, 'today'],
    [{ today, previous }, 'previous'],
    [{ today, since: days }, 'previous'],
    [{ today, previous: previous.slice(1), since: days }, 'previous_tier'],
    [{ today, previous, since: days.slice(1) }, 'since'],
    [{ today, previous: 'A', since: days }, 'previous'],
    [{ today, previous: new Float64Array(ROWS), since: days }, 'previous'],
    [{ today, previous: previous.map(() => 1), since: days }, 'previous'],
    [{ today, previous, since: new Float64Array(ROWS) }, 'since'],
    [{ today, previous, since: days.map(() => '1.1.2026') }, 'since'],
    [{ today, threads: -1 }, 'threads'],
    [{ today, tier: 'A' }, 'tier'],
  ]
  for (const [options, field] of wrong) await fails(() => reviewed.reviewBatch(columns(), options), 'invalid_data', field)
})

test('columns may change once the call has returned', async () => {
  const letters = Uint8Array.from(known().previous, (tier) => (tier ?? ' ').charCodeAt(0))
  const days = Int32Array.from(known().since, (day) => (day === null ? NO_DAY : parseDate(day)))
  const pending = reviewed.reviewBatch(columns(), { today, previous: letters, since: days })
  letters.fill(65)
  structuredClone(days.buffer, { transfer: [days.buffer] })
  assert.equal((await pending).hash, HASH)
})

test('a run goes on where it stopped, counts a block once and has a breaker', async () => {
  const blocks = [0, 150, 300].map((start) => accounts.slice(start, start + 150))
  let run = reviewed.reviewRun(today)
  for (const [number, part] of blocks.entries()) {
    assert.equal(run.nextBlock, number)
    const reviews = await batch(part)
    assert.equal(run.add(number, reviews), true)
    assert.equal(run.add(number, reviews), false)
    run = reviewed.reviewRun(today, run.toJson())
    assert.ok(run instanceof ReviewRun)
  }
  assert.deepEqual(run.totals, (await batch()).totals)
  const report = run.close({ maxDowngraded: 0.9 })
  assert.deepEqual([report.artefact, report.today, report.blocks, report.replayed], [reviewed.hash, today, 3, 3])
  assert.deepEqual(report.breaker, { downgraded: 0.49375, upgraded: 0.125, tripped: false, forcedBy: null })
  assert.deepEqual([report.totals, report.hash], [run.totals, RUN_HASH])
  assert.equal(run.close().breaker, null)

  await fails(() => run.close({ maxDowngraded: 0.01 }), 'invalid_data', 'breaker')
  await fails(() => run.close({ maxUpgraded: 0.01 }), 'invalid_data', 'breaker')
  await fails(() => run.close({ maxDowngraded: 2 }), 'invalid_config', 'breaker.max_downgraded')
  await fails(() => run.close({ maxDowngraded: '0.1' }), 'invalid_data', 'maxDowngraded')
  await fails(() => run.close({ forced: 'J. Doe' }), 'invalid_data', 'forced')
  assert.equal(run.close({ maxDowngraded: 0.01, forcedBy: 'J. Doe' }).breaker.forcedBy, 'J. Doe')
  const other = await reviewed.reviewBatch(columns(blocks[0]), { today })
  await fails(() => run.add(0, other), 'incompatible', 'block')
  await fails(() => run.add(-1, other), 'invalid_data', 'block')
  for (const wrong of [undefined, null, {}, 1, run, reviewed, Object.create(Reviews.prototype)]) {
    await fails(() => run.add(3, wrong), 'invalid_data', 'reviews')
  }
  assert.equal(run.close().hash, RUN_HASH)
  run.add(4, other)
  await fails(() => run.close(), 'invalid_data', 'block')

  await fails(() => reviewed.reviewRun('2026-11-22', run.toJson()), 'incompatible', 'today')
  await fails(() => scorer('accounts').reviewRun(today, run.toJson()), 'incompatible', 'scorer')
  await fails(() => scorer('accounts').reviewRun(today).add(0, other), 'incompatible', 'reviews')
  await fails(() => reviewed.reviewRun(today, '{'), 'invalid_data', 'json')
  await fails(() => reviewed.reviewRun(today, 1), 'invalid_data', 'json')
  await fails(() => reviewed.reviewRun(), 'invalid_data', 'today')
})

test('the record is a chain that can be replayed', async () => {
  const record = { behaviour: 50, credit_limit: 1000, balance: 950, dpd: 0, contactable: true, bureau: 600 }
  const subject = 'A-1'
  const write = () => {
    const chain = new DecisionChain()
    const review = { subject, at: '2026-11-21T22:00:00Z', today, tier: 'B', since: '2026-01-01' }
    const lines = [chain.review(reviewed, record, review)]
    lines.push(chain.decision(reviewed, record, { subject, at: '2026-11-21T22:00:01Z', asOf: today }))
    assert.deepEqual(chain.end, { records: 2, last: CHAIN_END })
    const entry = { ...JSON.parse(lines[1]).entry, kind: { type: 'override', by: 'J. Doe', reason: 'known client' } }
    lines.push(chain.entry(JSON.stringify(entry)))
    return [chain, lines]
  }
  const [chain, lines] = write()
  assert.deepEqual(write()[1], lines)
  assert.deepEqual(new DecisionChain(lines).end, chain.end)
  assert.deepEqual(chain.end, { records: 3, last: JSON.parse(lines[2]).hash })
  const recorded = JSON.parse(lines[0]).entry
  assert.deepEqual([recorded.drivers.slice(0, 2), recorded.artefact], [['W1', 'I1'], reviewed.hash])
  assert.equal(recorded.outcome, reviewed.review(record, { today, tier: 'B', since: '2026-01-01' }).canonical)

  const forged = [lines[0], lines[1].replace('A-1', 'A-2'), lines[2]]
  assert.equal((await fails(() => new DecisionChain(forged), 'invalid_data')).problems[0].row, 1)
  assert.equal((await fails(() => new DecisionChain([lines[0], 7]), 'invalid_data', 'lines')).problems[0].row, 1)
  await fails(() => new DecisionChain(lines[0]), 'invalid_data', 'lines')
  const { end } = chain
  const at = '2026-11-21T22:00:02Z'
  await fails(() => chain.decision({}, record, { subject, at }), 'invalid_data', 'scorer')
  await fails(() => chain.decision(reviewed, record, { at }), 'invalid_data', 'subject')
  await fails(() => chain.decision(reviewed, record, { subject }), 'invalid_data', 'at')
  await fails(() => chain.decision(reviewed, record, { subject, at: 'now', asOf: today }), 'invalid_data', 'at')
  await fails(() => chain.decision(reviewed, record, { subject, at }), 'invalid_data', 'as_of')
  await fails(() => chain.decision(reviewed, record, { subject, at, today }), 'invalid_data', 'today')
  await fails(() => chain.review(reviewed, record, { subject, at }), 'invalid_data', 'today')
  await fails(() => chain.review(reviewed, record, { subject, at, today, tier: 'B' }), 'invalid_data', 'since')
  const error = await fails(() => chain.entry('{"subject": "4711"}'), 'invalid_data', 'entry')
  assert.ok(!error.message.includes('4711'))
  assert.deepEqual(chain.end, end)
})

test('reading a record may use the scorer and the chain again', () => {
  const chain = new DecisionChain()
  const at = '2026-11-21T22:00:00Z'
  const record = {
    ...good,
    get behaviour() {
      chain.review(reviewed, good, { subject: 'inner', at, today })
      return 78
    },
  }
  const line = chain.review(reviewed, record, { subject: 'outer', at, today })
  assert.equal(JSON.parse(line).number, 1)
  assert.equal(JSON.parse(line).entry.outcome, Scorer.fromJson(text('bindings-node/test/data/reviewed_accounts.json')).review(good, { today }).canonical)
})
