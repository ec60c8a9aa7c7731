import { createHmac, randomUUID, sign } from 'node:crypto'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { issueAccessToken } from './issue-access-token.ts'
import { toJwks } from './jwks.ts'
import { createKeyRing, generateKey, type KeyRing } from './key-ring.ts'
import { createTokenVerifier } from './verify-access-token.ts'

const ISSUER = 'https://base.example.com'
const NOW = Date.UTC(2026, 10, 21, 12)
const LIFE = 900

const term = (from: number, until: number) => ({ signsFrom: NOW + from, signsUntil: NOW + until })
const makeRing = () => createKeyRing([{ ...generateKey(), ...term(-1000, 1000) }])
const identity = { app: 'todo', userId: randomUUID(), sessionId: randomUUID() }

function setup(options: { ring?: KeyRing; remembered?: number } = {}) {
  let ring = options.ring ?? makeRing()
  let now = NOW
  const deps = { ring: () => ring, issuer: ISSUER, now: () => now, accessTokenLife: LIFE }
  const verifier = createTokenVerifier({ ...deps, remembered: options.remembered ?? 100 })
  return {
    issue: (who = identity) => issueAccessToken(deps, who),
    verify: (token: string, app = 'todo') => verifier.verify(app, token),
    ring: () => ring,
    useRing: (other: KeyRing) => {
      ring = other
    },
    pass: (seconds: number) => {
      now += seconds * 1000
    },
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with any header and claims, signed by any of our keys. */
function forge(ring: KeyRing, header: object | undefined, claims: unknown): string {
  const key = ring.keys[0]
  if (key === undefined) throw new Error('no key')
  const signed = `${header === undefined ? key.header.slice(0, -1) : encode(header)}.${
    typeof claims === 'string' ? claims : encode(claims)
  }`
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
}

const goodClaims = {
  iss: ISSUER,
  aud: 'todo',
  sub: identity.userId,
  sid: identity.sessionId,
  iat: NOW / 1000,
  exp: NOW / 1000 + LIFE,
}

describe('an access token', () => {
  it('tells who it is, and when it ends', () => {
    const { issue, verify } = setup()
    const { accessToken, expiresAt } = issue()
    expect(expiresAt).toBe('2026-11-21T12:15:00.000Z')
    const expected = { userId: identity.userId, sessionId: identity.sessionId, expiresAt: NOW + LIFE * 1000 }
    expect(verify(accessToken)).toMatchObject(expected)
    expect(verify(accessToken)).toMatchObject(expected)
  })

  it('says nothing but identity, and is good to another library with our key set', async () => {
    const { issue, ring } = setup()
    const { accessToken } = issue()
    const { payload, protectedHeader } = await jwtVerify(
      accessToken,
      createLocalJWKSet({ keys: [...toJwks(ring()).keys] }),
      { issuer: ISSUER, audience: 'todo', typ: 'at+jwt', algorithms: ['EdDSA'], currentDate: new Date(NOW) },
    )
    expect(payload).toEqual(goodClaims)
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: ring().keys[0]?.kid })
  })

  it('expires, remembered or not', () => {
    const { issue, verify, pass } = setup()
    const [remembered, unseen] = [issue(), issue({ ...identity, sessionId: randomUUID() })]
    verify(remembered.accessToken)
    pass(LIFE - 1)
    expect(verify(remembered.accessToken)).not.toBeInstanceOf(Problem)
    pass(1)
    expect(verify(remembered.accessToken)).toBeInstanceOf(Problem)
    expect(verify(unseen.accessToken)).toBeInstanceOf(Problem)
  })

  it('opens one app only, remembered or not', () => {
    const { issue, verify } = setup()
    const { accessToken } = issue()
    expect(verify(accessToken, 'chat')).toBeInstanceOf(Problem)
    expect(verify(accessToken, 'todo')).not.toBeInstanceOf(Problem)
    expect(verify(accessToken, 'chat')).toBeInstanceOf(Problem)
  })

  it('goes with its key, remembered or not', () => {
    const { issue, verify, useRing } = setup()
    const { accessToken } = issue()
    verify(accessToken)
    useRing(makeRing())
    expect(verify(accessToken)).toBeInstanceOf(Problem)
  })

  it('stays good while its key is being replaced', () => {
    const old = { ...generateKey(), ...term(-2000, 5000) }
    const { issue, verify, useRing, ring, pass } = setup({ ring: createKeyRing([old]) })
    const { accessToken } = issue()
    useRing(createKeyRing([old, { ...generateKey(), ...term(5000, 9000) }]))
    expect(issue().accessToken.split('.')[0]).toBe(accessToken.split('.')[0])
    pass(5)
    expect(issue().accessToken.split('.')[0]).not.toBe(accessToken.split('.')[0])
    expect(verify(accessToken)).not.toBeInstanceOf(Problem)
    expect(verify(issue().accessToken)).not.toBeInstanceOf(Problem)
    expect(ring().keys).toHaveLength(2)
  })

  it('is checked again when the memory is full', () => {
    const { issue, verify } = setup({ remembered: 4 })
    const tokens = Array.from({ length: 20 }, () => issue({ ...identity, sessionId: randomUUID() }).accessToken)
    for (const token of [...tokens, ...tokens]) expect(verify(token)).not.toBeInstanceOf(Problem)
  })
})

describe('what is not an access token', () => {
  const { ring, verify, issue } = setup()
  const key = ring().keys[0]
  if (key === undefined) throw new Error('no key')
  const foreign = makeRing()
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }
  const good = issue().accessToken
  const [head = '', body = '', signature = ''] = good.split('.')
  const withHeader = (other: object) => forge(ring(), other, goodClaims)
  const withClaims = (other: object) => forge(ring(), undefined, { ...goodClaims, ...other })
  const without = (claim: keyof typeof goodClaims) => {
    const { [claim]: _, ...others } = goodClaims
    return forge(ring(), undefined, others)
  }
  const hmac = (alg: string, secret: string | Buffer) => {
    const signed = `${encode({ ...header, alg })}.${encode(goodClaims)}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }
  const jwk = foreign.keys[0]?.publicKey.export({ format: 'jwk' })

  it.each([
    ['nothing', ''],
    ['a word', 'hello'],
    ['two dots', '..'],
    ['two parts', `${head}.${body}`],
    ['four parts', `${good}.${signature}`],
    ['a good token after a dot', `.${good}`],
    ['alg none, without a signature', `${encode({ ...header, alg: 'none' })}.${body}.`],
    ['alg none, with a signature', `${encode({ ...header, alg: 'none' })}.${body}.${signature}`],
    ['alg None', `${encode({ ...header, alg: 'None' })}.${body}.`],
    ['our header, without a signature', `${head}.${body}.`],
    ['HS256 with our public key as the secret', hmac('HS256', key.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['HS256 with the raw public key as the secret', hmac('HS256', Buffer.from(key.x, 'base64url'))],
    ['RS256', withHeader({ ...header, alg: 'RS256' })],
    ['alg Ed25519, which we do not write', withHeader({ ...header, alg: 'Ed25519' })],
    ['alg in an array', withHeader({ ...header, alg: ['EdDSA'] })],
    ['a key of its own in jwk', forge(foreign, { ...header, jwk }, goodClaims)],
    ['jku', withHeader({ ...header, jku: 'https://evil.example.com/keys' })],
    ['x5u', withHeader({ ...header, x5u: 'https://evil.example.com/cert' })],
    ['crit', withHeader({ ...header, crit: ['exp'] })],
    ['b64 false', withHeader({ ...header, b64: false, crit: ['b64'] })],
    ['no kid', withHeader({ alg: 'EdDSA', typ: 'at+jwt' })],
    ['an unknown kid', withHeader({ ...header, kid: 'unknown' })],
    ['a path as kid', withHeader({ ...header, kid: '../../dev/null' })],
    ['SQL as kid', withHeader({ ...header, kid: "' union select 'x" })],
    ['a name of JavaScript as kid', withHeader({ ...header, kid: '__proto__' })],
    ['typ JWT', withHeader({ ...header, typ: 'JWT' })],
    ['no typ', withHeader({ alg: 'EdDSA', kid: key.kid })],
    ['our header spelt in another order', withHeader({ kid: key.kid, typ: 'at+jwt', alg: 'EdDSA' })],
    ["another server's key under our kid", forge(foreign, header, goodClaims)],
    ['another signature', `${head}.${body}.${'A'.repeat(86)}`],
    ['a signature of 64 zero bytes', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`],
    ['a signature that is too short', good.slice(0, -2)],
    ['a signature with padding', `${good}==`],
    ['a signature in another spelling', `${good.slice(0, -1)}${good.endsWith('B') ? 'C' : 'B'}`],
    ['changed claims', `${head}.${encode({ ...goodClaims, sub: randomUUID() })}.${signature}`],
    ['exp as a string', withClaims({ exp: String(goodClaims.exp) })],
    ['exp as a fraction', withClaims({ exp: goodClaims.exp + 0.5 })],
    ['exp in the past', withClaims({ exp: NOW / 1000 })],
    ['exp in an array', withClaims({ exp: [goodClaims.exp] })],
    ['exp beyond numbers', withClaims({ exp: 1e300 })],
    ['exp null', withClaims({ exp: null })],
    ['no exp', without('exp')],
    ['no iat', without('iat')],
    ['iat as a string', withClaims({ iat: 'now' })],
    ['no iss', without('iss')],
    ['another iss', withClaims({ iss: 'https://evil.example.com' })],
    ['iss with a slash', withClaims({ iss: `${ISSUER}/` })],
    ['no aud', without('aud')],
    ['another aud', withClaims({ aud: 'chat' })],
    ['several aud', withClaims({ aud: ['todo', 'chat'] })],
    ['no sub', without('sub')],
    ['sub null', withClaims({ sub: null })],
    ['sub that is no UUID', withClaims({ sub: "' or true --" })],
    ['no sid', without('sid')],
    ['sid as a number', withClaims({ sid: 1 })],
    ['claims that are an array', forge(ring(), undefined, [goodClaims])],
    ['claims that are null', forge(ring(), undefined, null)],
    ['claims that are no JSON', forge(ring(), undefined, Buffer.from('{').toString('base64url'))],
    ['claims that are no base64url', forge(ring(), undefined, 'e30=')],
    ['far too long', `${head}.${'A'.repeat(1_000_000)}.${signature}`],
  ])('%s', (_, token) => {
    const answer = verify(token)
    expect(answer).toBeInstanceOf(Problem)
    expect(answer).toMatchObject({ code: 'invalid_token', detail: 'The access token is invalid, expired or revoked' })
  })

  it('is not made better by asking twice, and does no harm to a good one', () => {
    expect(verify(`${head}.${body}.${'A'.repeat(86)}`)).toBeInstanceOf(Problem)
    expect(verify(good)).not.toBeInstanceOf(Problem)
    expect(verify(`${head}.${encode({ ...goodClaims, sub: randomUUID() })}.${signature}`)).toBeInstanceOf(Problem)
  })
})
