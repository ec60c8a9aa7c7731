/**
 * Every error a client can meet, once: its stable code, its HTTP status and its public title.
 * 400 is about the request's form, 422 about the record's values.
 * The reference page and the SDK's list are compared with this table by a test.
 */
export const catalogue = {
  // The request's form
  malformed_request: { status: 400, title: 'The request is malformed' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  unknown_parameter: { status: 400, title: 'The query has an unknown parameter' },
  invalid_parameter: { status: 400, title: 'A query parameter or header has an invalid value' },
  unknown_field: { status: 400, title: 'The body has a field that may not be sent' },
  invalid_filter: { status: 400, title: 'The filter is not a valid expression' },
  invalid_sort: { status: 400, title: 'The sort order is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid for this request' },
  query_too_costly: { status: 400, title: 'The query costs more than is allowed' },
  invalid_archive: { status: 400, title: 'The archive can not be read' },
  unsafe_archive: { status: 400, title: 'The archive holds something that is never unpacked' },

  // Who is calling
  unauthenticated: { status: 401, title: 'This needs a signed-in caller' },
  invalid_token: { status: 401, title: 'The access token is invalid, expired or revoked' },
  invalid_credentials: { status: 401, title: 'The e-mail address or the password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is invalid, expired or revoked' },
  forbidden: { status: 403, title: 'You may see this, but not do this' },
  insufficient_scope: { status: 403, title: 'The admin key lacks the scope for this' },
  append_only: { status: 403, title: 'Records of this collection are only added, never changed or deleted' },
  signup_closed: { status: 403, title: 'This app does not let strangers make accounts' },
  account_suspended: { status: 403, title: 'The account is suspended' },
  invalid_reset_link: { status: 403, title: 'The link for a new password is invalid, expired or already used' },
  invalid_setup_link: { status: 403, title: 'The setup link is invalid, expired or already used' },

  // What is asked for
  not_found: { status: 404, title: 'There is no such thing, or not for you' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'No acceptable representation' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  conflict: { status: 409, title: 'The request conflicts with the present state' },
  patch_failed: { status: 409, title: 'The patch does not fit the record as it is' },
  unique_violation: { status: 409, title: 'The value is already taken' },
  overlap: { status: 409, title: 'The range overlaps that of another record' },
  reference_restricted: { status: 409, title: 'Other records refer to this record' },
  wrong_state: { status: 409, title: 'The record is in another state' },
  transition_refused: { status: 409, title: 'The record does not meet the condition of the transition' },
  idempotency_conflict: { status: 409, title: 'The idempotency key was used for another request' },
  consent_required: { status: 409, title: 'Something would be lost: this needs consent' },
  change_refused: { status: 409, title: 'The records that are there, or their types, forbid the change' },
  version_mismatch: { status: 412, title: 'The record has changed since it was read' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported here' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },

  // The record's values
  validation_failed: { status: 422, title: 'The data does not fit the schema' },
  check_violation: { status: 422, title: 'The record breaks a rule of its collection' },
  ledger_unbalanced: { status: 422, title: 'The amounts of a group do not add up to zero' },
  reference_not_found: { status: 422, title: 'A referenced record does not exist' },
  immutable_field: { status: 422, title: 'A field can not be changed once it is set' },
  invalid_document: { status: 422, title: 'The app document has mistakes' },

  // The server's state
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'The server can not answer right now' },
  database_unavailable: { status: 503, title: 'The database can not be reached right now' },
  overloaded: { status: 503, title: 'The server has too much to do right now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

export type ErrorCode = keyof typeof catalogue
