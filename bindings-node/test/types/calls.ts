import { parseDate, version, type ErrorCode, type Problem, type ScorelineError } from '../../index.js'

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

export { code, days, release }
