/*
 * The calculations by name: input and answer of each. A theme of `types/` has the entries of a module of the core's
 * `calculation`, in its order.
 */

import type { BookCalculations } from './types/book.js'
import type { CapitalCalculations } from './types/capital.js'
import type { Refusal } from './types/common.js'
import type { DemandCalculations } from './types/demand.js'
import type { LawCalculations } from './types/law.js'
import type { LossCalculations } from './types/losses.js'
import type { ProductCalculations } from './types/products.js'
import type { RateCalculations } from './types/rates.js'
import type { ReturnCalculations } from './types/returns.js'
import type { ScheduleCalculations } from './types/schedules.js'

export type * from './types/common.js'
export type * from './types/schedules.js'
export type * from './types/rates.js'
export type * from './types/capital.js'
export type * from './types/losses.js'
export type * from './types/returns.js'
export type * from './types/law.js'
export type * from './types/demand.js'
export type * from './types/allocation.js'
export type * from './types/products.js'
export type * from './types/catalogue.js'
export type * from './types/book.js'
export type * from './types/ecl.js'
export type * from './types/gap.js'

/** What each calculation takes and gives. */
export interface Calculations
  extends ScheduleCalculations,
    RateCalculations,
    CapitalCalculations,
    LossCalculations,
    ReturnCalculations,
    LawCalculations,
    DemandCalculations,
    ProductCalculations,
    BookCalculations {}

/** The answer to one input of a batch, or why it is refused. */
export type Calculated<K extends keyof Calculations> =
  | { answer: Calculations[K]['answer']; error?: undefined }
  | { answer?: undefined; error: Refusal }
