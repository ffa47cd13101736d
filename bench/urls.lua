-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks for one path of a file after the other. Each thread takes a share of them; with several addresses each
-- thread speaks to one of them.
--
--   ADDRESSES="127.0.0.1:18110 127.0.0.1:18111" wrk -t2 … -s urls.lua URL -- FILE THREADS

local threads = 0
local addresses = {}
for host, port in string.gmatch(os.getenv("ADDRESSES") or "", "([^: ]+):(%d+)") do
  table.insert(addresses, wrk.lookup(host, port)[1])
end

function setup(thread)
  thread:set("id", threads)
  if #addresses > 0 then
    thread.addr = addresses[threads % #addresses + 1]
  end
  threads = threads + 1
end

local requests = {}
local last = 0

function init(args)
  local number = 0
  local share = tonumber(args[2])
  for path in io.lines(args[1]) do
    if number % share == id then
      table.insert(requests, wrk.format("GET", path))
    end
    number = number + 1
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
