'use strict'
const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { join } = require('node:path')
const test = require('node:test')

const scoreline = require('..')
const { version } = require('../package.json')

test('package and library are of one release', () => {
  assert.equal(scoreline.version(), version)
})

test('a day is counted from 1970', () => {
  assert.equal(scoreline.parseDate('1970-01-01'), 0)
  assert.equal(scoreline.parseDate('2024-02-29'), 19782)
})

test('the type definitions compile, accept right calls and refuse wrong ones', () => {
  const compiler = join(__dirname, '../node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '--project', join(__dirname, 'types')], { stdio: 'inherit' })
})
