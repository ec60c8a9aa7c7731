/** RFC 5321, 4.5.3.1.3: a path has at most 256 characters, two of them brackets. */
const LONGEST_EMAIL = 254
/** Half a surrogate pair, or NUL. */
const UNSTORABLE = /[\p{Surrogate}\0]/u

/** As it is stored and compared: in lower case. Who has two mailboxes that differ in case only is not known to exist. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFC').toLowerCase()
}

/** Whether there can be an account under this address. What an address is, the records room says; this keeps nonsense from PostgreSQL. */
export function isPossibleEmail(email: string): boolean {
  return email.length <= LONGEST_EMAIL && email.includes('@') && !UNSTORABLE.test(email)
}
