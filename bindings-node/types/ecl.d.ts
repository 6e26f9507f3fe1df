/* Expected credit losses of a book over scenarios. */

import type { StageAnswer, StagingPolicy } from './book.js'
import type { Decimal, Numeric, Refusal } from './common.js'

/** A path that the economy may take. */
export interface EclScenario {
  name: string
  /** Its probability, in [0, 1]; the weights add up to 1. */
  weight: Numeric
  /** The state of the economy in each year from now on; below 0 is bad. In later years PDs are the average ones. */
  states?: readonly Numeric[]
  /** Added to every LGD, which stays within [0, 1]. */
  lgd_added?: Numeric
}

/** How the losses of a book are found. */
export interface EclPolicy {
  staging?: StagingPolicy
  scenarios: readonly EclScenario[]
  /** Correlation of the exposures with the state of the economy, in (0, 1). */
  rho: Numeric
  /** Periods of a year in which losses are counted: 1, 2, 3, 4, 6 or 12. */
  periods_per_year: number
}

/** An exposure as it stands today. */
export interface EclExposure {
  /** PD per year through the cycle, in (0, 1]. */
  pd: Numeric
  /** The PD per year that was expected for today when the loan was made, in (0, 1). */
  pd_origination: Numeric
  /** Loss given default, in [0, 1]. */
  lgd: Numeric
  /** Exposure at default now, an amount of at least 0. */
  ead: Numeric
  /** Effective interest rate per year, in [-0.5, 10]. */
  eir: Numeric
  /** Months left, 1 to 1,200. */
  months: number
  /** Repaid as a whole at the end, instead of in equal instalments. */
  bullet?: boolean
  /** Days past due, at least 0. */
  days?: Numeric
  /** On a watch list. */
  watched?: boolean
  /** Declared credit-impaired. */
  impaired?: boolean
}

export interface Ifrs9BookInput {
  policy: EclPolicy
  exposures: readonly EclExposure[]
}

/** The losses of an exposure over all scenarios; amounts, but for the PDs. */
export interface ExposureLoss extends StageAnswer {
  /** PD of the remaining life as expected when the loan was made. */
  pd_expected: Decimal
  /** PD of the remaining life now, weighted over the scenarios. */
  pd_now: Decimal
  twelve_months: Decimal
  lifetime: Decimal
  /** The loss that the stage asks for, weighted: the allowance. */
  ecl: Decimal
  /** The loss that the stage asks for in each scenario. */
  scenarios: Decimal[]
}

/** What is in a stage; amounts. */
export interface StageTotal {
  stage: StageAnswer['stage']
  exposures: number
  ead: Decimal
  twelve_months: Decimal
  lifetime: Decimal
  ecl: Decimal
}

/** What the allowance would be if a scenario were sure. */
export interface ScenarioTotal {
  name: string
  weight: Decimal
  ecl: Decimal
}

export interface Ifrs9BookAnswer {
  /** One for each exposure: its losses, or why it is refused. */
  rows: (ExposureLoss | { error: Refusal })[]
  totals: {
    /** The allowance. */
    ecl: Decimal
    /** By stage, all three. */
    stages: StageTotal[]
    /** By scenario, in the order of the policy. */
    scenarios: ScenarioTotal[]
  }
}
