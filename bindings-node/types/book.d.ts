/* The whole book: expected credit losses, states of the economy, stress, vintages. */

import type { TierCounts } from '../index.js'
import type { Decimal, MigrationMatrix, Numeric } from './common.js'
import type { Ifrs9BookAnswer, Ifrs9BookInput } from './ecl.js'
import type { RepricingGapAnswer, RepricingGapInput } from './gap.js'

export interface BookCalculations {
  /** Expected credit losses of twelve months and of the life (IFRS 9). */
  expected_credit_loss: { input: EclTerms; answer: EclAnswer }
  /** The stage of an exposure and its reason (IFRS 9). */
  ifrs9_stage: { input: StageInput; answer: StageAnswer }
  /** Stages and losses of exposures over scenarios, with their totals (IFRS 9). */
  ifrs9_book: { input: Ifrs9BookInput; answer: Ifrs9BookAnswer }
  /** A loss weighted over scenarios. */
  weighted_loss: { input: WeightedLossInput; answer: WeightedLossAnswer }
  /** Allowances of receivables by bucket. */
  provision_matrix: { input: ProvisionMatrixInput; answer: ProvisionMatrixAnswer }
  /** PDs in a state of the economy (Vasicek). */
  conditional_pds: { input: ConditionalPdsInput; answer: ConditionalPdsAnswer }
  /** The state in which a grade has a default rate. */
  state_of: { input: StateInput; answer: StateAnswer }
  /** A migration matrix in a state of the economy (Belkin, Suchower and Forest). */
  conditional_matrix: { input: ConditionalMatrixInput; answer: ConditionalMatrixAnswer }
  /** The state that a year of migrations speaks for. */
  fit_state: { input: FitStateInput; answer: FittedState }
  /** A book before and after a shock. */
  stress: { input: StressInput; answer: StressReport }
  /** The least part of a shock that breaks the hurdle. */
  reverse_stress: { input: ReverseStressInput; answer: ReverseStress }
  /** Shares gone bad by vintage and months on book. */
  vintages: { input: VintagesInput; answer: VintagesAnswer }
  /** Repricing gaps, and what a shift of rates does to net interest income. */
  repricing_gap: { input: RepricingGapInput; answer: RepricingGapAnswer }
}

/** What the loss of an exposure rests on, one entry a period until it matures. */
export interface EclTerms {
  /** Share of those alive that default in each period, in [0, 1]. */
  hazards: readonly Numeric[]
  /** Loss given default in each period, in [0, 1]; one entry stands for all. */
  lgd: readonly Numeric[]
  /** Exposure at default in each period, an amount of at least 0. */
  ead: readonly Numeric[]
  /** Effective interest rate, a fraction per year in (-1, 10]. */
  eir: Numeric
  /** Periods of a year, 1 to 366: 12 for months, 1 for years. */
  periods_per_year: number
}

/** The losses of an exposure; amounts, and shares of the exposure. */
export interface EclAnswer {
  /** Expected loss from defaults within twelve months. */
  twelve_months: Decimal
  /** Expected loss from defaults over the whole life. */
  lifetime: Decimal
  /** Discounted expected loss of each period. */
  by_period: Decimal[]
  /** Share that defaults in each period. */
  marginal_pd: Decimal[]
  /** Share that defaults over the whole life. */
  cumulative_pd: Decimal
  /** What is lost when it has defaulted already. */
  impaired: Decimal
}

/** An exposure, and when its risk has increased. */
export interface StageInput {
  /** When credit risk has increased significantly. */
  policy?: StagingPolicy
  /** PD of the remaining life as it was expected when the loan was made, in [0, 1]. */
  pd_expected: Numeric
  /** PD of the remaining life now, in [0, 1]. */
  pd_now: Numeric
  /** Days past due, at least 0. */
  days: Numeric
  /** Whether it is on a watch list. */
  watched?: boolean
  /** Whether it is declared credit-impaired. */
  impaired?: boolean
}

/** When credit risk has increased significantly. */
export interface StagingPolicy {
  /** The PD must be at least this many times what was expected; above 1, 2 without it. */
  ratio?: Numeric
  /** And it must be higher by at least this, in [0, 1); 0.005 without it. */
  increase?: Numeric
  /** Below this PD, in [0, 1), no increase is looked for; 0, as without it, to look always. */
  low_risk?: Numeric
  /** Later than this many days: stage 2; 30 without it. */
  days_stage_2?: Numeric
  /** Later than this many days: stage 3; 90 without it. */
  days_stage_3?: Numeric
}

/** A stage with its reason. */
export interface StageAnswer {
  /** No significant increase, a significant increase, credit-impaired. */
  stage: 'one' | 'two' | 'three'
  /** Why, the first that applies from the worst stage on. */
  reason: 'no_increase' | 'low_risk' | 'pd' | 'watch_list' | 'past_due' | 'impaired'
}

/** Losses by scenario. */
export interface WeightedLossInput {
  /** The scenarios. */
  scenarios: readonly ScenarioLoss[]
}

/** A scenario with its loss. */
export interface ScenarioLoss {
  /** Its weight, at least 0; all add up to 1. */
  weight: Numeric
  /** The loss in it, an amount. */
  loss: Numeric
}

/** A loss over scenarios. */
export interface WeightedLossAnswer {
  /** An amount. */
  loss: Decimal
}

/** Receivables. */
export interface ProvisionMatrixInput {
  /** The buckets. */
  buckets: readonly ProvisionBucket[]
}

/** Receivables that are equally late. */
export interface ProvisionBucket {
  /** Gross amount, at least 0. */
  gross: Numeric
  /** Share that is lost over the life, in [0, 1]. */
  rate: Numeric
}

/** Allowances. */
export interface ProvisionMatrixAnswer {
  /** The amount of each bucket. */
  allowances: Decimal[]
}

/** PDs and a state. */
export interface ConditionalPdsInput {
  /** Average PDs, in (0, 1). */
  pds: readonly Numeric[]
  /** Correlation of the exposures with the state, in (0, 1). */
  rho: Numeric
  /** The state; below 0 is bad. */
  z: Numeric
}

/** PDs in the state. */
export interface ConditionalPdsAnswer {
  /** In the order given; fractions. */
  pds: Decimal[]
}

/** A grade with a default rate; fractions in (0, 1). */
export interface StateInput {
  /** Average PD of the grade. */
  pd: Numeric
  /** Correlation of the exposures with the state. */
  rho: Numeric
  /** Its default rate. */
  default_rate: Numeric
}

/** A state of the economy. */
export interface StateAnswer {
  /** The state; below 0 is bad. */
  z: Decimal
}

/** Average migrations and a state. */
export interface ConditionalMatrixInput {
  /** Rows of average rates: from a grade to each grade, best first, default last; each adds up to 1. */
  average: readonly (readonly Numeric[])[]
  /** Correlation of the exposures with the state, in (0, 1). */
  rho: Numeric
  /** The state; below 0 is bad. */
  z: Numeric
}

/** Migrations in the state. */
export interface ConditionalMatrixAnswer {
  /** Rows as those of the average. */
  rows: Decimal[][]
}

/** Average migrations and those of a year. */
export interface FitStateInput {
  /** Rows of average rates: from a grade to each grade, best first, default last; each adds up to 1. */
  average: readonly (readonly Numeric[])[]
  /** The migrations of the year; withdrawn cases do not count. */
  observed: MigrationMatrix
  /** Correlation of the exposures with the state, in (0, 1). */
  rho: Numeric
}

/** The state that a year of migrations speaks for. */
export interface FittedState {
  /** The state, between -5 and 5; below 0 is bad. */
  z: Decimal
  /** Weighted sum of squared differences that is left. */
  distance: Decimal
}

/** A book and a shock. */
export interface StressInput {
  /** What the figures rest on. */
  policy: StressPolicy
  /** The shock. */
  shock: Shock
  /** The exposures, at least one. */
  book: readonly StressedExposure[]
}

/** What the figures of a book rest on, besides its exposures; fractions, rates per year. */
export interface StressPolicy {
  /** The upper PD of tiers A, B and C. */
  cuts: readonly [Numeric, Numeric, Numeric]
  /** Capital that an exposure binds. */
  capital: CapitalModel
  /** Funding rate, paid on the whole exposure, in [-0.5, 1]. */
  funding: Numeric
  /** Cost of operation, a share of the exposure, in [0, 1]. */
  opex: Numeric
  /** What the capital itself earns, in [-0.5, 1]. */
  capital_benefit: Numeric
  /** Tax on income, in [0, 1). */
  tax: Numeric
  /** RAROC after tax that an offer must reach, in [-0.5, 1]. */
  hurdle: Numeric
}

/** How much capital a loan binds. */
export type CapitalModel =
  /** The formula of Basel for other retail, after the floors of PD and LGD; Basel: 0.999, 0.0005 and 0.30. */
  | { type: 'irb_other_retail'; confidence: Numeric; pd_floor: Numeric; lgd_floor: Numeric }
  /** The same share, in (0, 1], of every exposure. */
  | { type: 'fixed_share'; share: Numeric }

/** A shock to what a book rests on. What is left out stays. */
export interface Shock {
  /** What happens to PDs. */
  pd?: PdShock
  /** Added to every LGD, which stays within [0, 1]; in [-1, 1]. */
  lgd?: Numeric
  /** Added to every exposure, a share of it in [-1, 10]. */
  ead?: Numeric
  /** Added to the funding rate, in [-1, 1]. */
  funding?: Numeric
  /** A cap on rates in the shocked world, in (0, 10]; offers above it are not made. */
  cap?: Numeric | null
}

/** A shock to PDs. */
export type PdShock =
  /** None. */
  | { type: 'stay' }
  /** Added to the log-odds of every PD, in [-40, 40]; above 0 is worse. */
  | { type: 'logit'; add: Numeric }
  /** PDs of a state of the economy: below 0 is bad; `rho` is the correlation with it, in (0, 1). */
  | { type: 'state'; z: Numeric; rho: Numeric }

/** An exposure, or an offer. */
export interface StressedExposure {
  /** PD per year, in (0, 1). */
  pd: Numeric
  /** Loss given default, in [0, 1]. */
  lgd: Numeric
  /** Exposure at default, above 0. */
  ead: Numeric
  /** Rate with fees, a fraction per year in [-0.5, 10]. */
  rate: Numeric
}

/** What a shock does. */
export interface StressReport {
  /** Without it. */
  before: BookFigures
  /** With it. */
  after: BookFigures
  /** From which tier to which. */
  migration: MigrationMatrix
}

/** The figures of a book; amounts in the currency of its exposures. */
export interface BookFigures {
  /** Exposure at default. */
  ead: Decimal
  /** Expected loss of a year. */
  expected_loss: Decimal
  /** Capital bound. */
  capital: Decimal
  /** Income after tax of a year. */
  net_income: Decimal
  /** Income over capital, a fraction per year. */
  raroc: Decimal
  /** Share of the exposures whose own RAROC is at least the hurdle at a rate that is allowed. */
  above_hurdle: Decimal
  /** Exposures by tier. */
  tiers: TierCounts
}

/** A book, and a shock of which parts are tried. */
export interface ReverseStressInput extends StressInput {
  /** The largest multiple of the shock that is tried, above 0. */
  most: Numeric
}

/** How much of a shock a book bears. */
export type ReverseStress =
  /** The hurdle is missed without a shock. */
  | { type: 'broken'; figures: BookFigures }
  /** It is missed from this part of the shock on; 1 is the whole. */
  | { type: 'breaks'; severity: Decimal; figures: BookFigures }
  /** It is met up to the largest part that was asked for. */
  | { type: 'holds'; figures: BookFigures }

/** Loans month by month. */
export interface VintagesInput {
  /** What counts as bad. */
  config: VintageConfig
  /** The months of the loans, in any order. */
  rows: readonly VintageMonth[]
}

/** What counts as bad. */
export interface VintageConfig {
  /** At least this many days past due is bad; above 0. */
  days: number
  /** Once bad, bad for ever; otherwise by its state in each month. */
  ever: boolean
  /** What is added up: loans, amounts granted, or what is owed over the amounts granted. */
  count: 'loans' | 'granted' | 'owed'
}

/** A month of a loan. */
export interface VintageMonth {
  /** The loan. */
  loan: string
  /** The period in which it was granted. */
  vintage: string
  /** Months since, 0 to 600. */
  month: number
  /** Days past due, at least 0. */
  days: Numeric
  /** Amount granted, above 0, the same in every month of the loan. */
  granted: Numeric
  /** What is owed, at least 0. */
  owed: Numeric
}

/** Shares gone bad. */
export interface VintagesAnswer {
  /** By vintage: the share by months on book, from 0. */
  vintages: { [vintage: string]: Decimal[] }
}
