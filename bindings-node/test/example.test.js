'use strict'
const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { join } = require('node:path')
const test = require('node:test')

const { artefacts, options, root } = require('./support')

test('the example prints one hash for single decisions and for the batch', () => {
  const files = [artefacts.german, 'tests/data/south_german_credit.csv'].map((path) => join(root, path))
  const example = join(__dirname, '../examples/south_german.mjs')
  const printed = execFileSync(process.execPath, [example, ...files, options.asOf], { encoding: 'utf8' })
  const [, single, batch] = /^node {4}single ([0-9a-f]{64})\nnode {4}batch {2}([0-9a-f]{64})\n$/.exec(printed)
  assert.equal(single, batch)
})
