-- The chat workload for wrk: wrk … -s chat.lua URL -- workload file seed
-- The file has a line "token owner id room" for every message. Requests are made before the load starts, so that
-- making them costs the two servers that are compared nothing.
local threads = 0

function setup(thread)
  thread:set('number', threads)
  threads = threads + 1
end

local made, position, step = {}, 0, 7919

local function json(token)
  return { Authorization = token and ('Bearer ' .. token) or nil, ['Content-Type'] = 'application/json' }
end

local function listOf(token, room)
  local query = '?filter=room%20%3D%3D%20%22' .. room .. '%22&sort=-createdAt&limit=20'
  return wrk.format('GET', '/api/chat/messages' .. query, { Authorization = 'Bearer ' .. token })
end

local text = 'this is a message that says \\"hello\\" to everybody in here'

local workloads = {
  insert = function(token, _, _, room)
    return wrk.format('POST', '/api/chat/messages', json(token), '{"room":"' .. room .. '","data":"' .. text .. '"}')
  end,
  plainInsert = function(_, owner, _, room)
    local body = '{"owner":"' .. owner .. '","room":"' .. room .. '","data":"' .. text .. '"}'
    return wrk.format('POST', '/api/chat/messages', json(nil), body)
  end,
  read = function(token, _, id)
    return wrk.format('GET', '/api/chat/messages/' .. id, { Authorization = 'Bearer ' .. token })
  end,
  strict = function(token, _, id)
    return wrk.format('GET', '/api/chat/secrets/' .. id, { Authorization = 'Bearer ' .. token })
  end,
  list = function(token, _, _, room)
    return listOf(token, room)
  end,
  update = function(token, _, id)
    local headers = json(token)
    headers['If-Match'] = '"1"'
    return wrk.format('PATCH', '/api/chat/messages/' .. id, headers, '{"data":"changed"}')
  end,
  batch = function(token, _, _, room)
    local operation = '{"create":"messages","data":{"room":"' .. room .. '","data":"' .. text .. '"}}'
    local body = '{"operations":[' .. string.rep(operation, 99, ',') .. ',' .. operation .. ']}'
    return wrk.format('POST', '/api/chat/batch', json(token), body)
  end,
  expand = function(token)
    local query = '?limit=20&expand=messages(sort:-createdAt;limit:5)'
    return wrk.format('GET', '/api/chat/rooms' .. query, { Authorization = 'Bearer ' .. token })
  end,
}

-- Requests that are long are fewer.
local most = { batch = 500 }

function init(arguments)
  local workload = arguments[1]
  local same = workload == 'listSame'
  local sequential = workload == 'update'
  local make = workloads[same and 'list' or workload]
  local line = 0
  for text in io.lines(arguments[2]) do
    line = line + 1
    local mine = not sequential or line % 2 == number % 2
    if mine then made[#made + 1] = make(text:match('(%S+) (%S+) (%S+) (%S+)')) end
    if same or #made == most[workload] then break end
  end
  -- Every message is changed once, in its first version; everything else jumps about in the file.
  if sequential then step = 1 else position = ((tonumber(arguments[3]) + number) * 104729) % #made end
end

function request()
  position = position + step
  return made[position % #made + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format('RESULT %d %d %d %d %d %d\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
