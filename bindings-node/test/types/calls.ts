import {
  DecisionChain,
  Decisions,
  EventState,
  Part,
  ReviewRun,
  Reviews,
  Scorer,
  Scores,
  parseDate,
  version,
  type Decision,
  type ErrorCode,
  type Field,
  type InputColumns,
  type InputEvents,
  type InputRecord,
  type Problem,
  type Review,
  type ReviewTotals,
  type RiskTier,
  type RunReport,
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

export { code, days, release }
