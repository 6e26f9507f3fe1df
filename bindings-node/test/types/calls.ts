import {
  DecisionChain,
  Decisions,
  EventState,
  Part,
  ReviewRun,
  Reviews,
  Scorer,
  Scores,
  calculate,
  calculateBatch,
  calculateColumns,
  calculations,
  parseDate,
  version,
  type Amount,
  type Calculated,
  type Calculations,
  type ColumnAnswers,
  type Decimal,
  type Decision,
  type ErrorCode,
  type Field,
  type InputColumns,
  type InputEvents,
  type InputRecord,
  type LifetimeTerms,
  type Problem,
  type Product,
  type Refusal,
  type Review,
  type ReviewTotals,
  type RiskTier,
  type RunReport,
  type ScheduleTerms,
  type ScorelineError,
  type WindowValues,
} from '../../index.js'

const release: string = version()
const days: number = parseDate('2024-02-29')
// @ts-expect-error a day is written as text
parseDate(20240229)
// @ts-expect-error there is no such kind of error
const code: ErrorCode = 'unknown'

export function firstRow(error: ScorelineError): number | undefined {
  const problem: Problem | undefined = error.problems[0]
  return problem?.row
}

export async function decide(path: string): Promise<string> {
  const scorer: Scorer = await Scorer.load(path)
  const field: Field | undefined = scorer.fields[0]
  const kind: 'number' | 'category' | 'date' | 'flag' | undefined = field?.kind
  const record: InputRecord = { income: 4200, job: 'salaried', homeowner: true, opened: '2020-02-29', debt: null, age: undefined }
  const decision: Decision = scorer.decide(record, { asOf: '2026-11-21' })
  scorer.decide({})
  // @ts-expect-error a value is no object
  scorer.decide({ income: {} })
  // @ts-expect-error dates are text
  scorer.decide({ opened: new Date() })
  // @ts-expect-error there is no such option
  scorer.decide(record, { asof: '2026-11-21' })
  // @ts-expect-error there is no such tier
  if (decision.tier === 'E') return ''
  // @ts-expect-error money is text or absent
  const limit: number = decision.limit
  // @ts-expect-error reasons are shared
  decision.reasons[0].code = 'X'
  return `${kind} ${limit} ${decision.reasons.map(({ code, text }) => code + text).join()}`
}

export async function batches(scorer: Scorer): Promise<number> {
  const columns: InputColumns = {
    income: new Float64Array([4200]),
    term: Int32Array.of(12),
    debt: [1, null, undefined],
    job: ['salaried', null],
    region: { codes: Int32Array.of(0, -1), levels: ['north'] },
    homeowner: [true, null],
  }
  const decisions: Decisions = await scorer.decideBatch(columns, { asOf: '2026-11-21', threads: 2 })
  const scores: Scores = await scorer.scoreBatch(columns, { threads: 1 })
  const minor: bigint | undefined = decisions.limit[0]
  const pds: Float64Array = scores.pd
  const one: Decision = decisions.row(0)
  const worst: ErrorCode | undefined = decisions.errors[0]?.code
  // @ts-expect-error such a column is no number
  await scorer.decideBatch({ income: new Float32Array(1) })
  // @ts-expect-error scores need no day
  await scorer.scoreBatch(columns, { asOf: '2026-11-21' })
  const cells = new Float64Array(scorer.fields.length).fill(NaN)
  cells[0] = scorer.level('salaried')
  const out = new Float64Array(Part.Length)
  scorer.decideInto(cells, out, '2026-11-21')
  // @ts-expect-error a typed row is a Float64Array
  scorer.decideInto([1], out)
  return (out[Part.Score] ?? NaN) + Number(minor) + pds.length + one.unseen + (worst?.length ?? 0)
}

export function events(scorer: Scorer, stored: string): Decision {
  const state: EventState = scorer.events(stored)
  state.add('payments', { day: '2026-11-01', id: 17, amount: 40.5, kind: null })
  // @ts-expect-error days are text
  state.add('payments', { day: new Date() })
  const values: WindowValues = state.read('2026-11-21')
  // @ts-expect-error a feature may have no value
  const sum: number = values.sum
  const lists: InputEvents = { payments: [{ day: '2026-11-01' }] }
  const again: EventState = scorer.events(state.toJson())
  const cut: string[] = again.cut('2026-11-21')
  // @ts-expect-error windows are as of a day
  scorer.windowsOf(lists)
  return scorer.decide({ ...values, ...scorer.windowsOf(lists, '2026-11-21'), sum, cut: cut.length })
}

export async function reviews(scorer: Scorer, columns: InputColumns, stored: string): Promise<RunReport> {
  const today = '2026-11-21'
  const one: Review = scorer.review({ dpd: 0 }, { today, tier: 'B', since: '2026-09-01' })
  const next: Review = scorer.review({ dpd: 0 }, { today, tier: one.tier, since: one.since })
  const tier: RiskTier | null = next.previous
  // @ts-expect-error nothing holds a tier for that reason
  if (one.held === 'colour') return scorer.reviewRun(today).close()
  // @ts-expect-error a review is of a day
  scorer.review({ dpd: 0 })
  // @ts-expect-error there is no such tier
  scorer.review({ dpd: 0 }, { today, tier: 'E', since: today })
  // @ts-expect-error money is text or absent
  const limit: number = one.limit
  const batch: Reviews = await scorer.reviewBatch(columns, { today, previous: ['A', null], since: Int32Array.of(20_000, 0), threads: 1 })
  await scorer.reviewBatch(columns, { today, previous: Uint8Array.of(65), since: ['2026-09-01'] })
  // @ts-expect-error a batch has a column of tiers
  await scorer.reviewBatch(columns, { today, tier: 'A' })
  const strong: BigUint64Array = batch.strong
  const action: Uint16Array = batch.action
  const totals: ReviewTotals = batch.totals
  const run: ReviewRun = scorer.reviewRun(today, stored)
  const added: boolean = run.add(run.nextBlock, batch)
  const chain: DecisionChain = new DecisionChain([stored])
  const line: string = chain.review(scorer, { dpd: 0 }, { subject: 'A-1', at: '2026-11-21T09:30:00Z', today })
  chain.decision(scorer, { dpd: 0 }, { subject: 'A-1', at: '2026-11-21T09:30:00Z', asOf: today })
  // @ts-expect-error a record has a subject
  chain.decision(scorer, { dpd: 0 }, { at: '2026-11-21T09:30:00Z' })
  const moved: number = totals.moves.A.B + (totals.held['band'] ?? 0) + chain.end.records
  const report = run.close({ maxDowngraded: 0.1, forcedBy: `${tier} ${limit} ${added} ${line} ${moved}` })
  return { ...report, blocks: report.blocks + strong.length + action.length }
}

declare const product: Product

export async function calculated(pd: Float64Array): Promise<Decimal | null> {
  const principal: Amount = '100000.00'
  const loan: ScheduleTerms = { principal, rate: '0.12', periods: 12, repayment: { type: 'balloon', amount: '30000.00' } }
  const { rows, start } = calculate('schedule', loan)
  const due: string | null | undefined = rows[0]?.due ?? start
  // @ts-expect-error money is text
  calculate('schedule', { ...loan, principal: 100000 })
  // @ts-expect-error a balloon has an amount
  calculate('schedule', { ...loan, repayment: { type: 'balloon' } })
  // @ts-expect-error there is no such member
  calculate('schedule', { ...loan, months: 12 })
  // @ts-expect-error the principal is missing
  calculate('schedule', { rate: 0.12, periods: 12, repayment: { type: 'equal_instalment' } })
  // @ts-expect-error there is no such calculation
  calculate('shedule', loan)
  // @ts-expect-error the input is that of another calculation
  calculate('xirr', loan)

  const terms: LifetimeTerms = {
    months: 36,
    balance: { type: 'equal_instalment' },
    pd: { type: 'yearly', pd: 0.03 },
    lgd: '0.6',
    funding: 0.032,
    capital: 0.08,
  }
  const { solution, at } = calculate('lifetime_price', { terms, hurdle: 0.12 })
  // @ts-expect-error there may be no rate that reaches the hurdle
  const raroc: Decimal = at.raroc
  // @ts-expect-error only one rate has this name
  const rate: Decimal = solution.rate
  if (solution.type !== 'unique') return null
  // What one calculation gives, the next one takes.
  const bought = { terms, hurdle: 0.12, rate: solution.rate }
  const next: Calculations['lifetime_return']['answer'] = calculate('lifetime_return', bought)
  // @ts-expect-error a fraction of an answer is text
  const eva: number = next.at.eva
  const { rungs } = calculate('price_ladder', {
    curve: { type: 'logit', intercept: 2, slope: -25 },
    earns: { type: 'lifetime', terms },
    hurdle: 0.12,
    low: solution.rate,
    high: 0.24,
    steps: 10,
  })
  calculate('efficient_frontier', { segments: [{ segment: 'prime', offers: 100, amount: 1000, rungs }] })
  calculate('exposure_at_default', { drawn: 4000, limit: 10000, kind: 'commitment' })
  // @ts-expect-error a factor or a kind is needed
  calculate('exposure_at_default', { drawn: 4000, limit: 10000 })
  // @ts-expect-error a bucket or a loan to value is needed, not both
  calculate('standardised_weight', { table: 'basel3', date: '2026-11-22', class: 'retail', bucket: 'transactor', ltv: 0.8 })

  const need = { amount: '100000.00', currency: 'CNY', months: 12 }
  const request = { need, risk: { pd: terms.pd }, packs: ['CN'], day: '2026-11-21' }
  const quoted = calculate('quote', { product, request })
  // @ts-expect-error there may be no price
  const price: Decimal = quoted.rate
  if (quoted.type !== 'quote') return quoted.type === 'no_legal_price' ? quoted.cap.limit : null
  const payments: Amount[] = calculate('schedule', quoted.terms).rows.map(({ payment }) => payment)
  calculate('cap_breaches', { pack: 'CN', product: 'private_lending', day: request.day, rates: quoted.all_in })
  // @ts-expect-error no cap has to ask for this rate
  const daily: Decimal = quoted.all_in.daily
  const catalogue = { schema: { fields: [] }, products: [product] }
  const { dropped } = calculate('match_products', { catalogue, profile: { age: 41, trade: null }, request, rank: 'cost' })
  const reasons: string[] = dropped.flatMap(({ why }) => why.map(({ type }) => type))
  // @ts-expect-error what offers are ranked by is missing
  calculate('match_products', { catalogue, profile: {}, request })

  const [one]: Calculated<'capm_hurdle'>[] = await calculateBatch('capm_hurdle', [{ risk_free: 0.025, beta: 1.2, premium: 0.06 }])
  // @ts-expect-error every input is of the calculation
  await calculateBatch('capm_hurdle', [{ risk_free: 0.025 }])
  // @ts-expect-error an input may be refused
  const hurdle: Decimal = one?.answer.hurdle
  const refusal: Refusal | undefined = one?.error
  const place: string | null | undefined = refusal?.problems[0]?.field

  const exposure = { class: 'other_retail', pd: 0.01, lgd: 0.45 } as const
  const columns: ColumnAnswers = await calculateColumns('irb_capital', { framework: 'basel3', exposure }, { pd }, { threads: 2 })
  // @ts-expect-error this one has no form over columns
  await calculateColumns('capm_hurdle', { risk_free: 0, beta: 1, premium: 0 }, { beta: pd })
  // @ts-expect-error a column is a Float64Array
  await calculateColumns('irb_capital', { framework: 'basel3', exposure }, { pd: [0.1] })
  const names: (keyof Calculations)[] = calculations()
  return [due, raroc, rate, eva, hurdle, place, columns.status.length, names.length].join()
}

export { code, days, release }
