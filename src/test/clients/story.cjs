// SPDX-License-Identifier: Apache-2.0
// The life of one meeting, told to whatever client library is handed in. The client's functions answer with
// BigBlueButton's fields as plain objects of strings: { returncode: 'SUCCESS', meetingID: '…', … }.
'use strict'

const assert = require('node:assert/strict')
const { setTimeout: pause } = require('node:timers/promises')

// Both libraries show text as the XML had it, so no & or <. bbb-promise signs ' ( ) * ! as they are and then
// sends them escaped; every BigBlueButton refuses that, so none of them either.
const NAME = 'Übung «Größe» 会议 🎉'
const USER = 'Zoë 🙂 Müller'

const meetingID = `client-test-${process.pid}-${Date.now()}`
const create = { attendeePW: 'ap', moderatorPW: 'mp', meta_course: 'Algèbre 3', meta_origin: 'client test' }

function ok(what) {
  console.log(`ok - ${what}`)
}

// Real servers take a moment to notice that somebody came, or that a meeting ended.
async function eventually(question, holds) {
  const deadline = Date.now() + 15_000
  for (;;) {
    const answer = await question()
    if (holds(answer) || Date.now() > deadline) return answer
    await pause(100)
  }
}

function setting(name) {
  assert.ok(process.env[name], `set ${name}; see README.md`)
  return process.env[name]
}

async function redirected(joinUrl) {
  const joined = await fetch(joinUrl, { redirect: 'manual' })
  assert.equal(joined.status, 302)
  return joined.headers.get('location')
}

async function admitted(bbb) {
  const joined = await bbb.join(USER, meetingID, 'mp')
  assert.equal(joined.returncode, 'SUCCESS', JSON.stringify(joined))
  return joined.url
}

// `connect(url, secret)` gives create(name, id, params), joinUrl(user, id, password) or join(user, id, password),
// which answers with the XML's fields, end(id, password), info(id),
// running(id) and meetings(), which answers with a list; and hooks with create(address), list() and destroy(id), if the
// library knows them. The url has no slash at its end.
async function story(library, connect) {
  const url = setting('BBB_URL').replace(/\/$/, '')
  const secret = setting('BBB_SECRET')
  const bbb = connect(url, secret)

  const created = await bbb.create(NAME, meetingID, create)
  assert.equal(created.returncode, 'SUCCESS', JSON.stringify(created))
  assert.equal(created.meetingID, meetingID)
  assert.equal(created.attendeePW, 'ap')
  assert.equal(created.moderatorPW, 'mp')
  assert.equal(created.hasUserJoined, 'false')
  assert.match(created.createTime, /^\d{13}$/)
  assert.ok(created.internalMeetingID)
  ok(`${library}: create`)

  const again = await bbb.create(NAME, meetingID, create)
  assert.equal(again.returncode, 'SUCCESS', JSON.stringify(again))
  assert.equal(again.messageKey, 'duplicateWarning')
  assert.equal(again.createTime, created.createTime)
  assert.equal(again.internalMeetingID, created.internalMeetingID)
  ok(`${library}: create again finds the same meeting`)

  const empty = await bbb.running(meetingID)
  assert.equal(empty.returncode, 'SUCCESS')
  assert.equal(empty.running, 'false')
  ok(`${library}: isMeetingRunning is false while nobody is there`)

  const info = await bbb.info(meetingID)
  assert.equal(info.returncode, 'SUCCESS', JSON.stringify(info))
  assert.equal(info.meetingName, NAME)
  assert.equal(info.meetingID, meetingID)
  assert.equal(info.internalMeetingID, created.internalMeetingID)
  assert.equal(info.createTime, created.createTime)
  assert.equal(info.attendeePW, 'ap')
  assert.equal(info.moderatorPW, 'mp')
  assert.equal(info.running, 'false')
  assert.equal(info.participantCount, '0')
  assert.equal(info.metadata.course, 'Algèbre 3')
  assert.equal(info.metadata.origin, 'client test')
  ok(`${library}: getMeetingInfo tells what create was told`)

  const location = bbb.joinUrl ? await redirected(bbb.joinUrl(USER, meetingID, 'mp')) : await admitted(bbb)
  assert.match(location, /^https?:\/\//)
  ok(`${library}: join leads to the meeting`)

  if (process.env.FOLLOW === '1') {
    const page = await fetch(location)
    assert.ok(page.ok, `${page.status} after the redirect`)
    await page.arrayBuffer()
    const busy = await eventually(() => bbb.info(meetingID), (answer) => answer.participantCount === '1')
    assert.equal(busy.participantCount, '1')
    assert.equal(busy.moderatorCount, '1')
    assert.equal(busy.hasUserJoined, 'true')
    assert.equal((await bbb.running(meetingID)).running, 'true')
    ok(`${library}: who follows the redirect takes part`)
  }

  const listed = (await bbb.meetings()).find((meeting) => meeting.meetingID === meetingID)
  assert.ok(listed, 'getMeetings does not list the meeting')
  assert.equal(listed.meetingName, NAME)
  assert.equal(listed.createTime, created.createTime)
  ok(`${library}: getMeetings lists the meeting`)

  const ended = await bbb.end(meetingID, 'mp')
  assert.equal(ended.returncode, 'SUCCESS', JSON.stringify(ended))
  ok(`${library}: end`)

  const gone = await eventually(() => bbb.info(meetingID), (answer) => answer.returncode === 'FAILED')
  assert.equal(gone.returncode, 'FAILED')
  assert.equal(gone.messageKey, 'notFound')
  ok(`${library}: an ended meeting is not found`)

  if (bbb.hooks) await hooksStory(library, bbb.hooks)

  const refused = await connect(url, `${secret}x`).info(meetingID)
  assert.equal(refused.returncode, 'FAILED')
  assert.equal(refused.messageKey, 'checksumError')
  ok(`${library}: a wrong secret is a checksumError`)
}

async function hooksStory(library, hooks) {
  const address = `https://lms.example.org/hook?client=${process.pid}&a=b`
  const made = await hooks.create(address)
  assert.equal(made.returncode, 'SUCCESS', JSON.stringify(made))
  assert.equal(made.permanentHook, 'false')
  assert.equal(made.rawData, 'false')
  const again = await hooks.create(address)
  assert.equal(again.hookID, made.hookID)
  assert.equal(again.messageKey, 'duplicateWarning')
  ok(`${library}: hooks/create`)

  const listed = (await hooks.list()).find((hook) => hook.hookID === made.hookID)
  assert.ok(listed, 'hooks/list does not list the hook')
  assert.equal(listed.callbackURL, address)
  assert.equal(listed.eventID, 'user-joined')
  ok(`${library}: hooks/list`)

  assert.equal((await hooks.destroy(made.hookID)).removed, 'true')
  assert.equal((await hooks.destroy(made.hookID)).messageKey, 'destroyMissingHook')
  ok(`${library}: hooks/destroy`)
}

// Ends the process with 1 on the first thing that is not so.
function tell(library, connect) {
  story(library, connect).catch((error) => {
    console.error(`not ok - ${library}: ${error.stack}`)
    process.exitCode = 1
  })
}

module.exports = { tell }
