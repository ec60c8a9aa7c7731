import { expect, test } from 'vitest'
import { createMetrics } from './create-metrics.ts'

async function lines(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  return (await metrics.render()).split('\n').filter((line) => line.startsWith(name))
}

test('requests are counted by route and class of status', async () => {
  const metrics = createMetrics()
  const get = metrics.route('GET', '/api/{app}/{c}/{id}')
  for (const status of [200, 200, 204, 404]) get.observe(status, 0.002)
  metrics.route('POST', '/api/{app}/{c}')
  expect(await lines(metrics, 'roadbase_http_requests_total{')).toEqual([
    'roadbase_http_requests_total{method="GET",route="/api/{app}/{c}/{id}",status="2xx"} 3',
    'roadbase_http_requests_total{method="GET",route="/api/{app}/{c}/{id}",status="4xx"} 1',
  ])
})

test('latencies are a cumulative histogram, bounds included', async () => {
  const metrics = createMetrics()
  const { observe } = metrics.route('GET', '/')
  for (const seconds of [0.0001, 0.0005, 0.004, 99]) observe(200, seconds)
  const shown = await lines(metrics, 'roadbase_http_request_duration_seconds')
  const at = (le: string) =>
    shown
      .find((line) => line.includes(`le="${le}"`))
      ?.split(' ')
      .at(-1)
  expect([at('0.0005'), at('0.001'), at('0.005'), at('10'), at('+Inf')]).toEqual(['2', '2', '3', '3', '4'])
  expect(shown.at(-1)).toMatch(/_count\{.*\} 4$/)
  expect(shown.at(-2)).toMatch(/_sum\{.*\} 99\.0046$/)
})

test('asking twice counts nothing twice', async () => {
  const metrics = createMetrics()
  metrics.route('GET', '/').observe(200, 0.1)
  await metrics.render()
  expect(await lines(metrics, 'roadbase_http_requests_total{')).toEqual([expect.stringMatching(/ 1$/)])
})

test('a status that is none is not counted, and breaks nothing', async () => {
  const metrics = createMetrics()
  metrics.route('GET', '/').observe(999, 1)
  expect(await lines(metrics, 'roadbase_http_requests_total{')).toEqual([])
})

test('batches, pools and events', async () => {
  const metrics = createMetrics()
  const batch = metrics.batch('create')
  for (const size of [1, 3, 64, 1000]) batch.observe(size)
  metrics.pool('records', () => ({ size: 10, busy: 4, waiting: 2 }))
  metrics.event('user_logged_in')
  const text = await metrics.render()
  for (const line of [
    'roadbase_batch_size_bucket{kind="create",le="1"} 1',
    'roadbase_batch_size_bucket{kind="create",le="64"} 3',
    'roadbase_batch_size_bucket{kind="create",le="+Inf"} 4',
    'roadbase_batch_size_sum{kind="create"} 1068',
    'roadbase_pool_connections{pool="records",state="idle"} 6',
    'roadbase_pool_connections{pool="records",state="busy"} 4',
    'roadbase_pool_connections{pool="records",state="waiting"} 2',
    'roadbase_events_total{type="user_logged_in"} 1',
  ]) {
    expect(text).toContain(line)
  }
})

test('the process and its event loop are there', async () => {
  const text = await createMetrics().render()
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
  ]) {
    expect(text).toContain(`\n${name} `)
  }
})
