import type { ErrorCode } from './catalogue.ts'

interface Explanation {
  /** When it happens. */
  readonly meaning: string
  /** What the caller can do about it. */
  readonly fix: string
}

/** What the reference says of every code. Being total, it does not compile while a code of the catalogue is missing. */
export const explanations: Readonly<Record<ErrorCode, Explanation>> = {
  malformed_request: {
    meaning:
      'A header, the path or the combination of headers breaks HTTP, such as two hosts or a bad percent-encoding.',
    fix: 'Send the request with an ordinary HTTP client.',
  },
  malformed_json: {
    meaning:
      'The body is not JSON, is not UTF-8, is nested too deeply, names a key twice, or has a number that can not be kept exactly.',
    fix: '`detail` says where. Send 64-bit integers and decimals as strings.',
  },
  unknown_parameter: {
    meaning: 'The query string has a name that this operation does not know.',
    fix: 'Compare the names with the reference of the operation; nothing unknown is ignored.',
  },
  invalid_parameter: {
    meaning: 'A query parameter or a header that the operation reads has a value it can not have.',
    fix: '`errors` names the parameter and what it may be.',
  },
  unknown_field: {
    meaning: 'The body has a field that the collection does not have, or that only the server sets.',
    fix: 'Leave the field named in `errors` out.',
  },
  invalid_filter: {
    meaning: '`filter` is not an expression over the fields of this collection, or not a true-or-false one.',
    fix: '`detail` says what is wrong and at which character.',
  },
  invalid_sort: {
    meaning: '`sort` names a field that does not exist or has no order, or one of them twice.',
    fix: 'Sort by fields as the schema names them: `sort=-createdAt,title`.',
  },
  invalid_cursor: {
    meaning: 'The cursor was made for another caller, app, filter or sort order, or was changed.',
    fix: 'Start again without a cursor, and repeat everything but `cursor` for the next pages.',
  },
  query_too_costly: {
    meaning: 'The filter, sort order or expansion is deeper or larger than allowed, or ran out of its time.',
    fix: 'Ask for less at once, or filter by fields that have an index.',
  },
  invalid_archive: {
    meaning: 'The body is no tar archive, is cut off, or has more files or bytes than an app may have.',
    fix: '`detail` says what is wrong. Send the folder of the app, with `app.yaml` in it, and nothing else.',
  },
  unsafe_archive: {
    meaning:
      'An entry of the archive is a link, a device, a path that leads out of the folder, or the second of its name. Nothing of it was read.',
    fix: '`detail` names the entry. Pack plain files and folders only.',
  },
  unauthenticated: {
    meaning: 'The operation needs to know who calls, and no access token was sent.',
    fix: 'Sign in and send `Authorization: Bearer <accessToken>`.',
  },
  invalid_token: {
    meaning: 'The access token has expired, was signed for another app or server, or its session has ended.',
    fix: 'Use the refresh token once; when that is refused too, sign in again.',
  },
  invalid_credentials: {
    meaning: 'No account has this e-mail address with this password. Which of the two is wrong is not told.',
    fix: 'Try again, or reset the password.',
  },
  invalid_refresh_token: {
    meaning: 'The refresh token is unknown, has expired, or was used before. Using one twice ends its session.',
    fix: 'Sign in again. Keep only the newest refresh token, and refresh in one place.',
  },
  account_suspended: {
    meaning: 'The password is right, but an administrator has suspended the account.',
    fix: 'Ask an administrator of the app.',
  },
  invalid_reset_link: {
    meaning:
      'The one-time link with which a user sets a new password is over: used, older than an hour, or replaced by a newer one.',
    fix: 'Ask an administrator for another link.',
  },
  invalid_setup_link: {
    meaning: 'The one-time link was used, has expired, or belongs to another server.',
    fix: 'Restart the server without administrators to get a new link, or use the admin key of its data folder.',
  },
  insufficient_scope: {
    meaning: 'An admin key was used for something that none of its scopes covers.',
    fix: '`scope` names what is missing. Use a key that has it, or make one; scopes of a key can not be added to.',
  },
  append_only: {
    meaning:
      'The collection is `appendOnly`: the database lets nobody change or delete its records, administrators neither.',
    fix: 'Add a record that says what is different now.',
  },
  signup_closed: {
    meaning: 'The app document does not let strangers make accounts (`auth.signup`).',
    fix: 'Ask an administrator of the app for an account.',
  },
  forbidden: {
    meaning: 'You may see this, but a rule does not let you do this to it.',
    fix: 'Use an account with the right, or change the rule in the app document.',
  },
  not_found: {
    meaning: 'It does not exist, or a rule hides it from you: the two look the same on purpose.',
    fix: 'Check the path and the id, and who is signed in.',
  },
  method_not_allowed: {
    meaning: 'The path exists, but not with this method.',
    fix: 'The `Allow` header lists the methods of the path.',
  },
  not_acceptable: {
    meaning: 'The operation can not answer in any of the types of the `Accept` header.',
    fix: 'Accept `application/json`.',
  },
  request_timeout: {
    meaning: 'The request did not arrive completely within the time allowed.',
    fix: 'Try again, over a better connection or with a smaller body.',
  },
  conflict: {
    meaning: 'The state of things does not allow this now.',
    fix: '`detail` says what stands against it. Read again, then decide.',
  },
  patch_failed: {
    meaning:
      'A `test` of the JSON patch does not hold, or an operation leads to something that the record does not have (or that you do not see). Nothing was changed.',
    fix: '`errors` has the place in the patch. Read the record again, then decide.',
  },
  unique_violation: {
    meaning: 'Another record has this value in a field, or these values in a group of fields, that must be unique.',
    fix: '`errors` names the fields. Choose other values, or change the other record.',
  },
  overlap: {
    meaning: 'Another record with the same key has a range that overlaps this one, and the collection excludes that.',
    fix: '`errors` names the fields of the range. Choose another time, or change the other record.',
  },
  reference_restricted: {
    meaning: 'Other records refer to this one, and their schema does not let it go.',
    fix: 'Change or delete those records first.',
  },
  wrong_state: {
    meaning:
      'The transition does not begin in the state that the record is in. `transition`, `from` and `to` say what was asked for; `state` is the present one, for callers who may see it.',
    fix: 'Read the record again, and ask `-transitions` which ones are possible now.',
  },
  transition_refused: {
    meaning:
      'The record is in the right state, but the condition of the transition (`if`) is not true of it now. Where the document has an error of its own for that (`else`), it comes instead.',
    fix: 'What the condition says is in the document of the app.',
  },
  idempotency_conflict: {
    meaning: 'The `Idempotency-Key` was used before with another body, or that request is still under way.',
    fix: 'Make a new key for every new request; repeat the same body with the same key only.',
  },
  consent_required: {
    meaning:
      'Loading the document, or rolling back, would hide or rewrite data, and nobody has agreed to this very plan.',
    fix: 'Read `plan`, and send its `consent` as the parameter `consent`. A token is good for one plan only.',
  },
  change_refused: {
    meaning: 'The document is right, but what is there can not become what it says. Nothing was changed.',
    fix: '`errors` says where and why, often with the number of records. Change those, or the document.',
  },
  version_mismatch: {
    meaning: 'The record is no longer the version that `If-Match` names: somebody changed it.',
    fix: 'Read it again, merge, and send the new `ETag`.',
  },
  payload_too_large: {
    meaning: 'The body is longer than the server accepts.',
    fix: 'Send less at once; the setting `bodyLimit` holds the limit.',
  },
  unsupported_media_type: {
    meaning: 'The body has a `Content-Type` or `Content-Encoding` that the operation does not read.',
    fix: 'Send `application/json`, not compressed.',
  },
  headers_too_large: {
    meaning: 'The headers or the path are longer than the server accepts.',
    fix: 'Shorten the query; long filters belong into fewer, simpler conditions.',
  },
  validation_failed: {
    meaning: 'The request is well-formed, but values do not fit the schema.',
    fix: '`errors` lists each value by its JSON pointer, with the rule it breaks.',
  },
  check_violation: {
    meaning: 'The record as a whole breaks a `check` of its collection.',
    fix: '`detail` names the check. Change the values it compares.',
  },
  ledger_unbalanced: {
    meaning:
      'The collection is a `ledger`: the amounts of the records of one group add up to zero whenever something is stored, and here they would not.',
    fix: '`difference` says by how much. Write all records of the group in one batch.',
  },
  reference_not_found: {
    meaning: 'A field refers to a record that does not exist, or that you may not see.',
    fix: '`errors` names the field. Use the id of a record that you can read.',
  },
  immutable_field: {
    meaning: 'The field keeps the value it was created with.',
    fix: 'Leave the field out, or make a new record.',
  },
  invalid_document: {
    meaning: 'The document of an app was sent, and is not valid. What is served stays as it is.',
    fix: '`errors` has every mistake, with `file`, `line`, `column`, and often a suggestion.',
  },
  rate_limited: {
    meaning: 'Too many requests of this kind came from you or your address.',
    fix: 'Wait for the seconds in `Retry-After`.',
  },
  internal: {
    meaning: 'A defect of the server. Nothing was written.',
    fix: 'Report it with its `requestId`, under which the log tells what happened.',
  },
  unavailable: {
    meaning: 'The server is starting, stopping, or lacks something it needs.',
    fix: 'Try again after the seconds in `Retry-After`; `/readyz` says what is missing.',
  },
  database_unavailable: {
    meaning:
      'The connection to PostgreSQL is lost. A write may or may not have happened when it was lost while writing.',
    fix: 'Try again after the seconds in `Retry-After`; with an `Idempotency-Key` or `If-Match` that is safe.',
  },
  overloaded: {
    meaning: 'More work is waiting than the server can do in time, so it refuses what comes now.',
    fix: 'Try again after the seconds in `Retry-After`, with growing pauses.',
  },
}
