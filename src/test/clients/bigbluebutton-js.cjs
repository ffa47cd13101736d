// SPDX-License-Identifier: Apache-2.0
// bigbluebutton-js makes URLs; its `http` fetches one and parses the answer. It signs with SHA-1.
'use strict'

const bbb = require('bigbluebutton-js')
const { tell } = require('./story.cjs')

// The library's XML parser makes numbers and booleans of what looks like one.
function strings(value) {
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(strings)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strings(inner)]))
}

function connect(url, secret) {
  // As the library documents it, with a slash at the end.
  const api = bbb.api(`${url}/`, secret)
  const call = async (address) => strings(await bbb.http(address))
  return {
    create: (name, id, params) => call(api.administration.create(name, id, params)),
    joinUrl: (user, id, password) => api.administration.join(user, id, password),
    end: (id, password) => call(api.administration.end(id, password)),
    info: (id) => call(api.monitoring.getMeetingInfo(id)),
    running: (id) => call(api.monitoring.isMeetingRunning(id)),
    hooks: {
      create: (address) => call(api.hooks.create(address, { eventID: 'user-joined' })),
      list: async () => [(await call(api.hooks.list())).hooks.hook ?? []].flat(),
      destroy: (id) => call(api.hooks.destroy(id)),
    },
    meetings: async () => (await call(api.monitoring.getMeetings())).meetings,
  }
}

tell('bigbluebutton-js', connect)
