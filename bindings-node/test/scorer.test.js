'use strict'
const assert = require('node:assert/strict')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const test = require('node:test')

const { Scorer } = require('..')
const { artefacts, fails, options, root, scorer, text } = require('./support')

test('a model is loaded from a file and from its text', async () => {
  const path = join(root, artefacts.german)
  const loaded = await Scorer.load(path)
  const { hash } = JSON.parse(text(artefacts.german))
  assert.equal(loaded.hash, hash)
  assert.equal(Scorer.fromJson(text(artefacts.german)).hash, hash)
})

test('a model says what it reads and what its indices mean', () => {
  const synthetic = scorer('synthetic')
  const { fields, required } = synthetic
  const { pipeline } = JSON.parse(text(artefacts.synthetic))
  assert.deepEqual(fields.map(({ name, kind }) => [name, kind]), pipeline.schema.fields.map(({ name, kind }) => [name, kind]))
  assert.deepEqual(fields.filter((field) => field.required).map(({ name }) => name), required)
  const utilisation = fields.find(({ name }) => name === 'utilisation')
  assert.deepEqual([utilisation.missing, utilisation.special], [[-1], [{ code: -9, name: 'no card' }]])
  const german = scorer('german')
  const duration = german.fields.find(({ name }) => name === 'duration')
  assert.deepEqual([duration.unit, duration.description, duration.protectedBasis], ['months', 'term asked for', undefined])
  assert.equal(german.fields.find(({ name }) => name === 'age').protectedBasis, 'age')
  assert.ok(!german.required.includes('age'))
  assert.deepEqual([synthetic.decimals, german.decimals], [pipeline.pricing.decimals, 2])
  assert.deepEqual(german.tiers, ['A', 'B', 'C', 'D'])
  assert.deepEqual(german.outcomes, ['approve', 'refer', 'decline'])
  assert.deepEqual(german.rateBounds, ['hurdle', 'floor', 'cap'])
  assert.deepEqual(german.limits, JSON.parse(text(artefacts.german)).pipeline.limit.candidates.map(({ name }) => name))
  assert.ok(german.reasons.every(({ code, text }) => code.length > 0 && text.length > 0))
})

test('what is no model of ours is refused, in text and in files alike', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scoreline-'))
  const good = text(artefacts.german)
  const cases = [
    ['empty', ''],
    ['not JSON', 'model'],
    ['not ours', '{"format":"other"}', 'format'],
    ['truncated', good.slice(0, good.length / 2)],
    ['edited', good.replace('"name": "South German Credit', '"name": "Another'), 'hash'],
    ['of a newer version', good.replace('"version": 1', '"version": 2'), 'version'],
    ['deep', '['.repeat(60_000_000)],
    ['of 100 MB', '['.repeat(100_000_000)],
  ]
  try {
    for (const [name, content, field] of cases) {
      assert.notEqual(content, good, name)
      const path = join(folder, 'model.json')
      writeFileSync(path, content)
      const read = await fails(() => Scorer.load(path), 'artefact', field)
      const given = await fails(() => Scorer.fromJson(content), 'artefact', field)
      assert.equal(read.message, given.message, name)
    }
    writeFileSync(join(folder, 'model.json'), Buffer.from([0xff, 0xfe, 0x00]))
    await fails(() => Scorer.load(join(folder, 'model.json')), 'artefact')
    await fails(() => Scorer.load(join(folder, 'nothing here.json')), 'io', join(folder, 'nothing here.json'))
    await fails(() => Scorer.load(folder), 'io')
    await fails(() => Scorer.load('a\0b'), 'io')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('calls without arguments or on something else fail and harm nothing', async () => {
  const german = scorer('german')
  await fails(() => Scorer.load(), 'invalid_data', 'path')
  await fails(() => Scorer.load(7), 'invalid_data', 'path')
  await fails(() => Scorer.fromJson(), 'invalid_data', 'text')
  await fails(() => german.decide(), 'invalid_data', 'record')
  await fails(() => german.decideBatch(), 'invalid_data', 'columns')
  await fails(() => german.scoreBatch(), 'invalid_data', 'columns')
  await fails(() => german.decideInto(), 'invalid_data', 'cells')
  await fails(() => german.level(), 'invalid_data', 'level')
  assert.throws(() => new Scorer())
  const batch = await german.decideBatch(Object.fromEntries(german.required.map((name) => [name, []])), options)
  for (const self of [undefined, null, {}, 7, batch, Scorer, Object.create(Scorer.prototype), Object.create(german)]) {
    for (const name of ['decide', 'decideInto', 'decideBatch', 'scoreBatch', 'level']) {
      assert.throws(() => german[name].call(self, {}), Error)
    }
    assert.throws(() => Object.getOwnPropertyDescriptor(Scorer.prototype, 'hash').get.call(self), Error)
  }
  assert.throws(() => batch.row.call(german, 0), Error)
  assert.equal(german.decide({}, options).tier, 'C')
})
