// SPDX-License-Identifier: Apache-2.0
// bbb-api makes the calls itself and answers with xml2js objects: every element is a list. It signs with SHA-1 what it
// is given, so the caller encodes. Its join follows redirects and reads XML, so it needs redirect=false.
'use strict'

const { bbb } = require('bbb-api')
const { tell } = require('./story.cjs')

function plain(value) {
  if (Array.isArray(value)) return value.length === 1 ? plain(value[0]) : value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function encoded(params) {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, encodeURIComponent(value)]))
}

function connect(url, salt) {
  // The library adds /bigbluebutton/api by itself.
  const server = { url: url.replace(/\/bigbluebutton$/, ''), salt }
  const call = async (name, params) => plain((await bbb(server, name, encoded(params))).response)
  return {
    create: (name, meetingID, params) => call('create', { name, meetingID, ...params }),
    join: (fullName, meetingID, password) => call('join', { fullName, meetingID, password, redirect: false }),
    end: (meetingID, password) => call('end', { meetingID, password }),
    info: (meetingID) => call('getMeetingInfo', { meetingID }),
    running: (meetingID) => call('isMeetingRunning', { meetingID }),
    meetings: async () => [(await call('getMeetings', {})).meetings.meeting].flat(),
  }
}

tell('bbb-api', connect)
