import { isIP } from 'node:net'
import { isStorableText } from '../../db/storable-text.ts'
import { canonicalUuid } from '../../db/uuid.ts'
import { canonicalDate, canonicalDateTime, canonicalTime } from './calendar.ts'
import { canonicalDuration } from './duration.ts'

/** The formats that have one stored form: the text as it is stored, or undefined when it is no such value. */
export const canonicalForms: Readonly<Record<string, (text: string) => string | undefined>> = {
  uuid: canonicalUuid,
  date: canonicalDate,
  time: canonicalTime,
  'date-time': canonicalDateTime,
  duration: canonicalDuration,
}

/** The formats that are stored as they are sent. */
export const plainFormats: Readonly<Record<string, (text: string) => boolean>> = {
  email: isEmail,
  uri: isUri,
  hostname: isHostname,
  ip: (text) => isIP(text) !== 0 && !text.includes('%'),
  // Ours, not for documents: what PostgreSQL can store as text, and as a key that is also a path segment.
  text: isStorableText,
  key: isKey,
}

/** What each format expects, for people. */
export const formatMessages: Readonly<Record<string, string>> = {
  uuid: 'must be a UUID',
  date: 'must be a date, like 2026-02-28',
  time: 'must be a time of day, like 09:30:00',
  'date-time': 'must be a date and time with its zone, like 2026-02-28T09:30:00Z',
  duration: 'must be an ISO 8601 duration without years and months, like PT15M or P1D',
  email: 'must be an e-mail address',
  uri: 'must be an absolute URI, like https://example.com/',
  hostname: 'must be a host name',
  ip: 'must be an IPv4 or IPv6 address',
  text: 'must be well-formed Unicode without the character U+0000',
  key: 'must be 1 to 200 characters, not start with "-" and have no slash or control character',
}

// The length is looked at first: the label's pattern is quadratic in the worst case, and 254 characters bound that.
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const HOSTNAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i
const URI = /^[a-z][a-z0-9+.-]*:(?:[a-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i
const WEB = /^(?:https?|wss?|ftp):/i

function isEmail(text: string): boolean {
  return text.length <= 254 && text.indexOf('@') <= 64 && EMAIL.test(text)
}

function isHostname(text: string): boolean {
  return text.length <= 253 && HOSTNAME.test(text)
}

function isUri(text: string): boolean {
  return text.length <= 8192 && URI.test(text) && (!WEB.test(text) || URL.canParse(text))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const NOT_IN_A_KEY = /[\u0000-\u001f\u007f/]/

function isKey(text: string): boolean {
  return (
    text !== '' &&
    text.length <= 200 &&
    !text.startsWith('-') &&
    text !== '.' &&
    text !== '..' &&
    !NOT_IN_A_KEY.test(text) &&
    isStorableText(text)
  )
}
