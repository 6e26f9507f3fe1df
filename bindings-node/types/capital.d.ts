/* Capital of exposures. */

import type { Day, Decimal, Numeric } from './common.js'

export interface CapitalCalculations {
  /** Capital of an exposure under the internal-ratings approach, with PD and LGD after their floors. */
  irb_capital: { input: IrbInput; answer: IrbAnswer }
  /** A standardised risk weight with its clause. */
  standardised_weight: { input: StandardisedWeightInput; answer: StandardisedWeightAnswer }
  /** Weight and secured part of a loan split at a share of the property. */
  loan_split: { input: LoanSplit; answer: LoanSplitAnswer }
  /** The default rate of the worst year at a confidence. */
  worst_case_default_rate: { input: WorstCaseInput; answer: WorstCaseAnswer }
}

/** An exposure, and the rules for it. */
export interface IrbInput {
  /** A framework that comes with the library (`basel2`, `basel3`, `eu_crr`, `uk_basel31`), or one's own. */
  framework: string | IrbFramework
  /** Who estimates the LGD of corporates, banks and sovereigns: the supervisor, or the bank (as without it). */
  approach?: 'foundation' | 'advanced'
  /** Declares that an LGD above 1 is meant, up to 2. */
  lgd_above_one?: boolean
  /** The exposure. */
  exposure: IrbExposure
}

/** Exposure classes of the internal-ratings approach. */
export type IrbClass =
  | 'sovereign'
  | 'bank'
  | 'corporate'
  | 'financial_institution'
  | 'mortgage'
  | 'qrre_transactor'
  | 'qrre_revolver'
  | 'other_retail'

/** What secures an exposure, as the LGD floors tell apart. */
export type Security = 'unsecured' | 'financial' | 'receivables' | 'real_estate' | 'other_physical'

/** One exposure. What its class has no use for is not read. */
export interface IrbExposure {
  /** Its class. */
  class: IrbClass
  /** Probability of default within a year, in [0, 1], before the floor. Of a defaulted exposure it is not read. */
  pd: Numeric
  /** Loss given default, a fraction of the exposure in [0, 1], before the floor. */
  lgd: Numeric
  /** Effective maturity in years. Own estimates: needed, and taken between 1 and 5. Foundation: none, 2.5 or 0.5. */
  maturity?: Numeric | null
  /** Yearly sales of the group in millions of the framework's currency; none when the company is not small. */
  turnover?: Numeric | null
  /** What secures it; `unsecured` without it. */
  security?: Security
  /** Which share of it is secured, in [0, 1]; 1 without it. */
  secured_share?: Numeric
  /** Whether it is in default. */
  defaulted?: boolean
  /** Best estimate of the expected loss of a defaulted exposure, a fraction; needed with own estimates of LGD. */
  best_estimate?: Numeric | null
}

/** The numbers of a framework. */
export interface IrbFramework {
  /** Its name. */
  name: string
  /** Text and clauses that the numbers come from. */
  source: string
  /** Confidence level of the loss rate, in (0.5, 1). */
  confidence: Numeric
  /** What the risk weight of a performing exposure is multiplied by. */
  scaling: Numeric
  /** Least PD by class; fractions. */
  pd_floors: Record<IrbClass, Numeric>
  /** Least LGD of own estimates by class and security; fractions. */
  lgd_floors: Record<IrbClass, Record<Security, Numeric>>
  /** LGD of the foundation approach; fractions. */
  foundation_lgd: FoundationLgd
  /** Sales that make a company small. */
  firm_size: FirmSize
}

/** Supervisory LGD for claims without recognised collateral (CRE32.6, 32.7); fractions. */
export interface FoundationLgd {
  /** Senior claims on sovereigns, banks and other financial institutions. */
  financial: Numeric
  /** Senior claims on other corporates. */
  corporate: Numeric
  /** Subordinated claims. */
  subordinated: Numeric
}

/** Between which yearly sales the correlation of a company falls by up to 0.04; in millions. */
export interface FirmSize {
  /** Currency of the sales. */
  currency: string
  /** Sales below count as these. */
  least: Numeric
  /** From these sales on nothing is taken off. */
  most: Numeric
}

/** Capital per unit of exposure at default, and PD and LGD after their floors; fractions. */
export interface IrbAnswer {
  /** PD after its floor. */
  pd: Decimal
  /** LGD after its floor. */
  lgd: Decimal
  /** Asset correlation R; 0 for a defaulted exposure. */
  correlation: Decimal
  /** Slope b of the maturity adjustment; 0 for retail and defaulted exposures. */
  maturity_adjustment: Decimal
  /** Capital requirement K, a share of the exposure. */
  k: Decimal
  /** Risk weight, a fraction: 0.4577 is 45.77 %. */
  risk_weight: Decimal
  /** Expected loss, a share of the exposure. */
  expected_loss: Decimal
}

/** A class, and the bucket or the loan to value that tells its weights apart: one of them. */
export type StandardisedWeightInput = {
  /** A table that comes with the library (`basel3`), or one's own. */
  table: string | StandardisedTable
  /** The day on which the table is in force. */
  date: Day
  /** Exposure class of the table, for example `corporate`. */
  class: string
} & (
  | {
      /** What tells the weights of the class apart, for example a range of ratings. */
      bucket: string
      ltv?: null
    }
  | {
      bucket?: null
      /** Loan to value, a fraction. */
      ltv: Numeric
    }
)

/** Risk weights in force from a day on. */
export interface StandardisedTable {
  /** Its name. */
  name: string
  /** First day in force. */
  from: Day
  /** Last day in force; none while no end is known. */
  until?: Day | null
  /** Law or standard. */
  source: string
  /** The weights. */
  weights: readonly StandardisedWeight[]
}

/** One risk weight. */
export interface StandardisedWeight {
  /** Exposure class. */
  class: string
  /** What tells the weights of a class apart; `ltv` in tables by loan to value. */
  bucket: string
  /** Risk weight as a fraction: 0.75 is 75 %. */
  weight: Numeric
  /** Greatest loan to value that it is for; none for all above. */
  up_to_ltv?: Numeric | null
  /** Where in the source it stands. */
  clause: string
}

/** A weight with where it stands. */
export interface StandardisedWeightAnswer {
  /** Risk weight as a fraction: 0.75 is 75 %. */
  weight: Decimal
  /** Capital, a share of the exposure: 8 % of the weight. */
  k: Decimal
  /** Where in the source it stands. */
  clause: string
  /** Law or standard. */
  source: string
}

/** A loan split at a share of the value of the property; amounts in one currency, weights as fractions. */
export interface LoanSplit {
  /** The bank's loan. */
  loan: Numeric
  /** Value of the property. */
  value: Numeric
  /** Claims of others that go before. */
  senior: Numeric
  /** Claims of others of the same rank. */
  pari_passu: Numeric
  /** Weight of the secured part. */
  secured_weight: Numeric
  /** Share of the value up to which the loan counts as secured, in (0, 1]. */
  secured_share: Numeric
  /** Weight of an unsecured loan to the borrower. */
  counterparty_weight: Numeric
}

/** A split loan. */
export interface LoanSplitAnswer {
  /** Weight of the whole loan, a fraction. */
  weight: Decimal
  /** The secured part, an amount. */
  secured: Decimal
}

/** A large, even portfolio (Vasicek 2002). */
export interface WorstCaseInput {
  /** Probability of default, in [0, 1]. */
  pd: Numeric
  /** Asset correlation, in [0, 1). */
  correlation: Numeric
  /** How sure it is not exceeded, in (0, 1); Basel: 0.999. */
  confidence: Numeric
}

/** The default rate of the worst year. */
export interface WorstCaseAnswer {
  /** The rate, a fraction. */
  rate: Decimal
}
