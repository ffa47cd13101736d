// SPDX-License-Identifier: Apache-2.0
// bbb-promise makes the calls itself and answers with xml2js objects: every element is a list. It signs with SHA-1.
'use strict'

const bbb = require('bbb-promise')
const { tell } = require('./story.cjs')

function plain(value) {
  if (Array.isArray(value)) return value.length === 1 ? plain(value[0]) : value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function connect(url, secret) {
  const server = bbb.server(url, secret)
  const answer = async (call) => plain((await call).response)
  return {
    create: (name, id, params) => answer(server.administration.create(name, id, params)),
    joinUrl: (user, id, password) => server.administration.join(user, id, password),
    end: (id, password) => answer(server.administration.end(id, password)),
    info: (id) => answer(server.monitoring.getMeetingInfo(id)),
    running: (id) => answer(server.monitoring.isMeetingRunning(id)),
    meetings: async () => [(await answer(server.monitoring.getMeetings())).meetings.meeting].flat(),
  }
}

tell('bbb-promise', connect)
