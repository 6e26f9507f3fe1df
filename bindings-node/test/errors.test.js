'use strict'
const assert = require('node:assert/strict')
const test = require('node:test')

const scoreline = require('..')

const thrown = (body) => {
  try {
    body()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

test('an error carries its code, its problems and no value of the data', () => {
  const error = thrown(() => scoreline.parseDate('2024-02-30'))
  assert.ok(error instanceof Error)
  assert.equal(error.code, 'invalid_data')
  assert.equal(error.problems.length, 1)
  const [problem] = error.problems
  assert.ok(error.message.includes(problem.what) && error.message.includes(problem.remedy))
  assert.deepEqual([problem.field, problem.row, problem.position], [undefined, undefined, undefined])
  assert.ok(!error.message.includes('2024-02-30'))
  assert.ok(error.stack.includes('errors.test.js'))
})

test('an argument of the wrong type is an error of the library, and is not repeated', () => {
  const error = thrown(() => scoreline.parseDate(424242))
  assert.equal(error.code, 'invalid_data')
  assert.equal(error.problems[0].field, 'text')
  assert.ok(!error.message.includes('424242'))
})
