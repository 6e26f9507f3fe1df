'use strict'
const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { join, posix } = require('node:path')
const test = require('node:test')

const scoreline = require('..')
const { version } = require('../package.json')
const { text } = require('./support')

test('package and library are of one release', () => {
  assert.equal(scoreline.version(), version)
})

test('a day is counted from 1970', () => {
  assert.equal(scoreline.parseDate('1970-01-01'), 0)
  assert.equal(scoreline.parseDate('2024-02-29'), 19782)
})

test('the package has every file that its type definitions name', () => {
  const folder = { cwd: join(__dirname, '..'), encoding: 'utf8', shell: process.platform === 'win32' }
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], folder))
  const named = new Set()
  const follow = (path) => {
    if (named.has(path)) return
    named.add(path)
    const names = text(`bindings-node/${path}`).matchAll(/ from '(\..*)\.js'/g)
    for (const [, name] of names) follow(posix.join(posix.dirname(path), `${name}.d.ts`))
  }
  follow('index.d.ts')
  assert.ok(named.size > 1)
  assert.deepEqual([...named].filter((name) => !files.some(({ path }) => path === name)), [])
})

test('the type definitions compile, accept right calls and refuse wrong ones', () => {
  const compiler = join(__dirname, '../node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '--project', join(__dirname, 'types')], { stdio: 'inherit' })
})
