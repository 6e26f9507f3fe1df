'use strict'
// The types of calculations against what the library reads and writes: its vectors, and variations of their inputs, become
// TypeScript, which must compile exactly where the library finds the form right.
const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const test = require('node:test')

const { calculate } = require('..')
const { text, vectors } = require('./support')

/** Forms that no vector has. */
const step = { type: 'step', share: 0.05, every: 1 }
const given = { type: 'given', segments: [{ periods: 4, payment: '300.00' }] }
const days = ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']
const calendar = { start: '2026-01-31', due: { type: 'dates', days }, day_count: 'act_365f' }
const schedule = (more) => ({ principal: '1000.00', rate: 0.12, periods: 4, repayment: { type: 'interest_only' }, ...more })
const fee = (type, timing) => ({ name: 'a', charge: { type, share: 0.01 }, timing })
const waiver = { type: 'fee_waiver', fee: 'a', share: 1, periods: 1 }
const discount = { type: 'rate_discount', from: 1, to: 2, discount: 0.01 }
const flows = [{ units: 0, fraction: 0, amount: -100 }, { units: 1, fraction: 0, amount: 110 }]
const shipped = (file, at) => JSON.parse(text(`core/src/pricing/capital/${file}`))[at]
const exposure = { class: 'other_retail', pd: 0.01, lgd: 0.45 }
const equal = { type: 'equal_principal' }
const terms = { months: 2, balance: equal, pd: { type: 'yearly', pd: 0.03 }, lgd: 0.6, funding: 0.03, capital: 0.08 }
const base = { name: 'base', values: [{ from: '2020-01-01', rate: 0.04 }], until: '2030-01-01', source: 'bank' }
const multiple = { type: 'multiple', index: 'base', times: 4 }
const cap = { name: 'four', products: ['loan'], limit: multiple, basis: 'simple', from: '2020-01-01', until: null, source: 'law' }
const pack = { jurisdiction: 'XX', notice: 'a sample', indices: [base], caps: [cap] }
const share = { type: 'fixed_share', share: 0.08 }
const policy = { cuts: [0.02, 0.06, 0.15], capital: share, funding: 0.03, opex: 0, capital_benefit: 0, tax: 0, hurdle: 0.1 }
const who = { smallest: '1.00', largest: '9.00', groups: { tier: 'A' } }
const rungs = { type: 'rungs', rungs: [{ rate: 0.1, share: 0.5, value: 0.02, expected: 0.01 }], capital: 0.08 }
const limit = { type: 'amount', amount: '5.00' }
const budget = { budget: '10.00', volume: 'committed', capital_budget: '2.00', caps: [{ key: 'tier', group: 'A', limit }] }
const costs = { funding: { points: [{ months: 12, rate: 0.03 }] }, lgd: 0.5, capital: share }
const range = { amount: { low: '100.00', high: '9000.00' }, months: [4], rates: { low: 0.02, high: 0.9 } }
const law = { jurisdiction: 'XX', product: 'loan' }
const euro = { currency: 'EUR', decimals: 2, ...range, laws: [law], hurdle: 0.1 }
const product = { name: 'loan', eligibility: 'x > 0', repayments: ['given', 'equal_principal'], ...euro, costs }
const formula = { type: 'irb_other_retail', confidence: 0.999, pd_floor: 0.0005, lgd_floor: 0.3 }
const origination = { type: 'fixed', amount: '5.00' }
const everyCost = { ...costs, opex: 0.01, origination, capital: formula, capital_benefit: 0.02, tax: 0.2, prepayment: 0.1 }
const charges = { fees: [fee('share_of_principal', 'upfront')], promotions: [waiver, discount], rounding: { payment: 'up' } }
const demand = { take_up: { type: 'logit', intercept: 3, slope: -20 }, guard: { max_step: 0.05, max_yearly: 0.1 } }
const rest = { purposes: ['car'], rate_step: 0.0001, day_count: 'act_365f', max_ltv: 0.8, costs: everyCost }
const need = { amount: '1000.00', currency: 'EUR', months: 4, repayment: equal }
const request = { need, risk: { pd: { type: 'yearly', pd: 0.02 } }, packs: [{ ...pack, currency: 'EUR' }], day: '2026-11-22' }
const monthly = { type: 'monthly', hazards: [0.01, 0.01, 0.01, 0.01] }
const ruin = { type: 'monthly', hazards: [0.99, 0.99, 0.99, 0.99] }
const asked = {
  ...request,
  need: { ...need, purpose: 'car', repayment: given, collateral: '2000.00' },
  risk: { pd: monthly, response: { at: 0.1, slope: 2 } },
  past: { loan: [{ from: '2026-01-01', rate: 0.1 }] },
}
const codes = { missing: [-1], special: [{ code: -2, name: 'none' }] }
const sensitivity = { type: 'protected', basis: 'age' }
const age = { name: 'x', kind: 'number', unit: 'years', description: 'age', ...codes, sensitivity }
const fields = [age, { name: 'y', kind: 'flag', sensitivity: { type: 'open' } }]
const odd = [
  { purposes: ['house'] },
  { currency: 'USD' },
  { amount: { low: '1.00', high: '2.00' } },
  { months: [12] },
  { repayments: ['balloon'] },
  { max_ltv: 0.1 },
  { eligibility: 'x < 0' },
  { eligibility: 'y' },
  { laws: [{ ...law, jurisdiction: 'YY' }] },
  { rates: { low: 0, high: 0.01 } },
  { rates: { low: 0.5, high: 0.9 } },
]
const catalogue = {
  schema: { fields },
  protected_use: [{ field: 'x', author: 'a', reason: 'b' }],
  products: [product, ...odd.map((other, at) => ({ ...product, name: `loan ${at}`, ...other }))],
  ladder: [{ from: 'loan', to: 'loan 5', when: 'x > 1', reason: 'grown' }],
}
const matching = { catalogue, profile: { x: 7, y: null }, request, rank: 'cost' }
const further = [
  ['schedule', schedule({ repayment: step, calendar })],
  ['schedule', schedule({ repayment: given })],
  ['schedule', schedule({ promotions: [discount] })],
  ['schedule', schedule({ fees: [fee('share_of_principal', 'upfront')], promotions: [waiver] })],
  ['schedule', schedule({ fees: [fee('share_of_balance', 'each_period')] })],
  ['reg_z_apr', { unit: { type: 'semi_month' }, flows }],
  ['reg_z_apr', { unit: { type: 'weeks', count: 2 }, flows }],
  ['reg_z_apr', { unit: { type: 'days', count: 9 }, flows }],
  ['irb_capital', { framework: shipped('frameworks.json', 1), exposure }],
  ['standardised_weight', { table: shipped('standardised.json', 0), date: '2026-11-22', class: 'retail', bucket: 'transactor' }],
  ['pd_curve', { type: 'marginal', pds: [0.1] }],
  ['lifetime_price', { terms, hurdle: 0.1 }],
  ['caps', { pack, product: 'loan', day: '2026-11-22' }],
  ['allocation', { terms: { ...budget, steps: 3, nodes: 9 }, candidates: [{ ...who, menu: rungs }] }],
  ['quote', { product, request }],
  ['quote', { product: { ...product, ...rest, ...charges, ...demand }, request: asked }],
  ['match_products', matching],
  ['match_products', { ...matching, request: asked }],
  ['match_products', { ...matching, request: { ...request, risk: { pd: ruin } } }],
  ['next_products', { catalogue, held: 'loan', profile: { x: '7' } }],
  ['unreachable_products', { catalogue, packs: request.packs, day: request.day }],
  ['stress', { policy, shock: { pd: { type: 'stay' } }, book: [{ pd: 0.01, lgd: 0.4, ead: 1, rate: 0.1 }] }],
].map(([name, input]) => ({ name, input }))

const statements = []

/** States a type that TypeScript must find to be `true`. */
const same = (one, names) => {
  statements.push(`{ const same: Same<${one}, ${names.map((name) => `'${name}'`).join(' | ')}> = true }`)
}

/** What is wrong with an input, or nothing. */
function refused(name, input) {
  try {
    calculate(name, input)
  } catch ({ problems }) {
    return problems[0].what
  }
}

/** States that an input compiles, or does not, as the library reads it, or does not. What is wrong but in form is left open. */
function agrees(name, input) {
  const what = refused(name, input)
  if (what !== undefined && !what.includes('not of the expected form')) return
  if (what !== undefined) statements.push('// @ts-expect-error')
  statements.push(`{ const input: Calculations['${name}']['input'] = ${JSON.stringify(input)} }`)
}

/** The names that the library expected. */
const expected = (what) => [...(what?.match(/expected (one of )?`.*/)?.[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)

/** The input with another value at a place. */
const put = (value, [step, ...rest], other) => {
  if (step === undefined) return other
  const copy = Array.isArray(value) ? [...value] : { ...value }
  copy[step] = put(value[step], rest, other)
  return copy
}

/** Varies the part of an input at `path`, of which `type` is the type. */
function vary(name, input, path, part, type) {
  const varied = (other) => put(input, path, other)
  if (path.length > 0) agrees(name, varied(null))
  if (typeof part === 'number') agrees(name, varied(String(part)))
  if (typeof part === 'string' && part !== '' && Number.isFinite(Number(part))) agrees(name, varied(Number(part)))
  if (typeof part === 'string') {
    const names = expected(refused(name, varied('xyz')))
    if (names.length > 0) same(`NonNullable<${type}>`, names)
  }
  if (Array.isArray(part) && part.length > 0) vary(name, input, [...path, 0], part[0], `Part<${type}>[number]`)
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return
  const whole = `Part<${type}>`
  const one = part.type === undefined ? whole : `Variant<${whole}, '${part.type}'>`
  const names = expected(refused(name, varied({ xyz: 0, ...part })))
  if (names.length > 0) same(`Exclude<keyof ${one}, 'type'>`, names.filter((known) => known !== 'type'))
  for (const [member, value] of Object.entries(part)) {
    const { [member]: _, ...others } = part
    agrees(name, varied(others))
    vary(name, input, [...path, member], value, `${member === 'type' ? whole : one}['${member}']`)
  }
}

test('the types of calculations are those of the library', () => {
  same('keyof Calculations', [...new Set(vectors.map(({ name }) => name))])
  for (const { name, line } of vectors) statements.push(`{ const line: Calculated<'${name}'> = ${JSON.stringify(line)} }`)
  for (const { name, input } of further) {
    statements.push(`{ const answer: Calculations['${name}']['answer'] = ${JSON.stringify(calculate(name, input))} }`)
  }
  const good = vectors.filter(({ line }) => line.error === undefined)
  for (const { name, input } of [...good, ...further]) {
    assert.equal(refused(name, input), undefined, name)
    agrees(name, input)
    vary(name, input, [], input, `Calculations['${name}']['input']`)
  }
  const types = JSON.stringify(join(__dirname, '../index.js'))
  const source = [
    `import type { Calculated, Calculations } from ${types}`,
    'type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never',
    'type Part<T> = Exclude<NonNullable<T>, string>',
    'type Variant<U, N> = U extends { type: infer T } ? (N extends T ? U : never) : never',
    ...statements,
  ]
  const folder = mkdtempSync(join(tmpdir(), 'scoreline-calculations-'))
  try {
    writeFileSync(join(folder, 'calculations.ts'), source.join('\n'))
    const project = { extends: join(__dirname, 'types/tsconfig.json'), files: ['calculations.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
    const compiler = join(__dirname, '../node_modules/typescript/bin/tsc')
    const call = [compiler, '--project', folder, '--pretty', 'false']
    const { status, stdout } = spawnSync(process.execPath, call, { encoding: 'utf8' })
    // An expected error that does not come is told at the line before.
    const shown = (said, line) => [said, ...source.slice(line - 1, Number(line) + 1)].join('\n    ')
    assert.equal(status, 0, stdout.replace(/calculations\.ts\((\d+),.*/g, shown))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
