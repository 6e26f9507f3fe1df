/* A catalogue of products matched with a need, and the ladder from one to the next. */

import type { Field, SpecialCode } from '../index.js'
import type { Day, Decimal } from './common.js'
import type { CountryPack } from './law.js'
import type { AmountRange, NoPrice, Product, Quote, QuoteRequest, RepaymentKind } from './products.js'

/** The products of a lender, the fields that their conditions read, and the ladder from one to the next. */
export interface Catalogue {
  /** The fields of an applicant. */
  schema: Schema
  /** Protected fields that conditions may read, on record. */
  protected_use?: readonly ProtectedUse[]
  /** The products, in the order in which equally good offers stand; at least one. */
  products: readonly Product[]
  /** What may follow what. */
  ladder?: readonly LadderRule[]
}

/** The fields of a record. */
export interface Schema {
  /** The fields, 1 to 4,096, each with a name of its own. */
  fields: readonly SchemaField[]
}

/** One field of a record. */
export interface SchemaField {
  /** Its name; in conditions between double quotes unless it consists of letters, digits and `_`. */
  name: string
  /** What its values are. */
  kind: Field['kind']
  /** Unit of a number, for readers. */
  unit?: string | null
  /** What it means, for readers. */
  description?: string | null
  /** Codes that mean "nothing is known": numbers for a number, texts for a category. */
  missing?: readonly SpecialCode['code'][]
  /** Codes with a meaning of their own, at most 16; conditions read them as missing. */
  special?: readonly SpecialCode[]
  /** Whether it may reach score, rule or price; `open` without it. */
  sensitivity?: Sensitivity
}

/** Without restriction, or for fairness tests only unless permitted on record: `basis` is the ground, such as `sex`. */
export type Sensitivity = { type: 'open' } | { type: 'protected'; basis: string }

/** Permission, on record, for a protected field to be read. */
export interface ProtectedUse {
  /** The field. */
  field: string
  /** Who permits it. */
  author: string
  /** On what ground. */
  reason: string
}

/** From one product to the next, as life or business goes on. */
export interface LadderRule {
  /** What the customer holds, also when it has left the catalogue; a customer without a product without it. */
  from?: string | null
  /** What may follow, another product. */
  to: string
  /** A condition over the fields of the applicant. */
  when: string
  /** Why, in words. */
  reason: string
}

/** An applicant by field: numbers or decimal texts, texts, days, flags. Missing is what is `null` or left out. */
export interface Profile {
  readonly [field: string]: number | string | boolean | null
}

/** A catalogue, an applicant and a need. */
export interface MatchProductsInput {
  /** The catalogue. */
  catalogue: Catalogue
  /** The applicant. */
  profile: Profile
  /** What is asked. */
  request: QuoteRequest
  /** Which offers come first: those with the most expected profit, or with the least compound all-in rate. */
  rank: 'profit' | 'cost'
}

/** What a catalogue has for a need: every product is in one of the two lists. */
export interface MatchedProducts {
  /** Offers, the best first. */
  offers: ProductOffer[]
  /** The other products, in the order of the catalogue. */
  dropped: DroppedProduct[]
}

/** A product at its price. */
export interface ProductOffer {
  /** The price. */
  quote: Quote
  /** Why it fits. */
  fit: Fit
}

/** What made a product fit, beside its range of amounts, its terms and its price. */
export interface Fit {
  /** The purpose that it is for; `null` when the need names none or the product is for anything. */
  purpose: string | null
  /** The condition that the applicant meets. */
  eligibility: string
  /** The amount as a share of the value of the collateral; `null` where the product needs none. */
  ltv: Decimal | null
}

/** A product that is no offer. */
export interface DroppedProduct {
  /** Its name. */
  product: string
  /** Every reason that can be told; a price is looked for only where there is no other. */
  why: Mismatch[]
}

/** Why a product is no offer. */
export type Mismatch =
  | NoPrice
  /** It is for something else: for these tags. */
  | { type: 'purpose'; purposes: string[] }
  /** It lends another currency, or the amount has other decimals. */
  | { type: 'currency'; currency: string; decimals: number }
  /** The amount lies outside this range. */
  | { type: 'amount'; amount: AmountRange }
  /** The term is none of these, in months. */
  | { type: 'term'; months: number[] }
  /** It is to be repaid in one of these ways, with figures where the way has some. */
  | { type: 'repayment'; repayments: RepaymentKind[] }
  /** It needs collateral, of which the amount is at most the share `max_ltv`. */
  | { type: 'no_collateral'; max_ltv: Decimal }
  /** The amount is the share `ltv` of the collateral, more than `max_ltv`. */
  | { type: 'ltv'; ltv: Decimal; max_ltv: Decimal }
  /** The applicant does not meet the condition. */
  | { type: 'not_eligible'; eligibility: string }
  /** Whether the applicant meets the condition cannot be told, since these fields are missing. */
  | { type: 'unknown'; eligibility: string; missing: string[] }
  /** It cannot be priced: a pack lacks the cap of the day, or the schedule cannot be made. */
  | { type: 'refused'; what: string }

/** A customer and what they hold. */
export interface NextProductsInput {
  /** The catalogue. */
  catalogue: Catalogue
  /** The product that the customer holds; none without it. */
  held?: string | null
  /** The customer. */
  profile: Profile
}

/** What may follow. */
export interface NextProductsAnswer {
  /** In the order of the rules, each product once. */
  products: NextProduct[]
}

/** A product that a customer may have next. */
export interface NextProduct {
  /** Its name. */
  product: string
  /** Why, as the rule says. */
  reason: string
}

/** A catalogue on a day. */
export interface UnreachableProductsInput {
  /** The catalogue. */
  catalogue: Catalogue
  /** The caps, as in a request. */
  packs: readonly (string | CountryPack)[]
  /** The day. */
  day: Day
}

/** What can never be offered. */
export interface UnreachableProductsAnswer {
  /** The products. */
  unreachable: UnreachableProduct[]
}

/** A product that can never be offered. */
export interface UnreachableProduct {
  /** Its name. */
  product: string
  /** Why: nobody is eligible, or not even a borrower who never defaults has a price. */
  why: Mismatch
}
