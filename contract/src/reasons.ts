/** The standard error codes that Fechatter uses, and the HTTP status of each over REST. */
export const statusOfCode = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  CLIENT_CLOSED_REQUEST: 499,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;
export type ErrorCode = keyof typeof statusOfCode;

/** Why a call was refused. A reason never changes its meaning. The sentence says what to do, and may change. */
export const reasons = {
  invalid_input: ['BAD_REQUEST', 'The input is not valid; `issues` says what is expected.'],
  invalid_json: ['BAD_REQUEST', 'The body is not valid JSON.'],
  invalid_cursor: ['BAD_REQUEST', 'This cursor does not come from this list; start again without a cursor.'],
  batch_too_large: [
    'BAD_REQUEST',
    'A batch can have at most 20 calls, and 24 MiB of results together; ask for less at once.',
  ],
  before_and_after: ['BAD_REQUEST', 'Give only one of `before`, `after`, `around`, `aroundNumber` and `ids`.'],
  query_too_common: [
    'BAD_REQUEST',
    'These words are in nearly every message; add a rarer word, a sender or `has:link`.',
  ],
  query_too_short: [
    'BAD_REQUEST',
    'Give at least three letters before `*`, and two characters of a script that is written without spaces.',
  ],
  password_too_common: [
    'BAD_REQUEST',
    'This password is among the first that attackers guess; choose a longer one of your own.',
  ],
  token_spent: ['BAD_REQUEST', 'This link, code or challenge is wrong, used up or too old; try again with a new one.'],
  not_a_root: ['BAD_REQUEST', 'This message is a reply itself; reply to the root of its thread.'],
  not_an_emoji: ['BAD_REQUEST', 'This is neither an emoji nor one of the workspace’s own.'],

  not_signed_in: ['UNAUTHORIZED', 'Sign in and send the token as `Authorization: Bearer <token>`.'],
  token_invalid: ['UNAUTHORIZED', 'This token was not issued here; sign in again.'],
  token_expired: ['UNAUTHORIZED', 'This token has expired; refresh it.'],
  session_revoked: ['UNAUTHORIZED', 'This session has ended; sign in again.'],
  wrong_credentials: ['UNAUTHORIZED', 'The e-mail address or the password is wrong.'],
  second_factor_required: [
    'UNAUTHORIZED',
    'The password is right; call `auth.secondFactor` with this `challenge` and a code within five minutes.',
  ],
  refresh_invalid: ['UNAUTHORIZED', 'This refresh token is not valid; sign in again.'],
  ticket_invalid: ['UNAUTHORIZED', 'This ticket is no longer valid; get a new one.'],

  account_suspended: ['FORBIDDEN', 'This account is suspended; ask the operator.'],
  email_missing: ['FORBIDDEN', 'This account has no e-mail address to verify.'],
  email_unverified: ['FORBIDDEN', 'Verify your e-mail address first: open the link in the mail.'],
  search_off: ['FORBIDDEN', 'Messages cannot be searched in this deployment; ask the operator.'],
  mail_off: ['FORBIDDEN', 'This deployment sends no mail; ask the operator.'],
  signup_closed: ['FORBIDDEN', 'Sign-up is closed here; ask the operator for an account.'],
  invitation_needed: ['FORBIDDEN', 'You need an invitation to sign up here; open the link in it.'],
  domain_not_allowed: ['FORBIDDEN', 'Only e-mail addresses of certain domains are allowed here.'],
  wrong_password: ['FORBIDDEN', 'The current password is wrong.'],
  reauthentication_needed: [
    'FORBIDDEN',
    'Prove who you are again (`auth.reauthenticate`); that counts for ten minutes, as a sign-in does.',
  ],
  role_too_low: ['FORBIDDEN', 'Your role does not allow this.'],
  not_a_member: ['FORBIDDEN', 'Join this channel first.'],
  not_the_sender: ['FORBIDDEN', 'Only the sender can edit a message.'],
  guests_are_members: ['FORBIDDEN', 'A Guest of the workspace is a Member in its chats, and nothing more.'],
  receipts_off: ['FORBIDDEN', 'Read receipts are off: the chat has too many members, or you hide your own.'],
  blocked: ['FORBIDDEN', 'This person does not want messages from you.'],
  chat_archived: ['FORBIDDEN', 'This chat is archived; its history stays readable.'],
  single_chat_fixed: [
    'FORBIDDEN',
    'A Single chat cannot be renamed or deleted, and its members and their roles cannot change.',
  ],
  member_gone: ['FORBIDDEN', 'The other person has left the workspace.'],

  route_not_found: ['NOT_FOUND', 'There is nothing at this path.'],
  user_not_found: ['NOT_FOUND', 'There is no such person here.'],
  session_not_found: ['NOT_FOUND', 'There is no such session.'],
  workspace_not_found: ['NOT_FOUND', 'There is no such workspace.'],
  member_not_found: ['NOT_FOUND', 'There is no such member.'],
  invite_not_found: ['NOT_FOUND', 'This invitation does not exist or no longer works.'],
  chat_not_found: ['NOT_FOUND', 'There is no such chat.'],
  stream_not_found: ['NOT_FOUND', 'This session has no such stream; take the `streamId` of its latest `ready`.'],
  message_not_found: ['NOT_FOUND', 'There is no such message in this chat.'],

  method_not_allowed: ['METHOD_NOT_SUPPORTED', 'This path does not support this method; see `Allow`.'],
  email_taken: ['CONFLICT', 'An account with this e-mail address already exists; sign in.'],
  last_owner: ['CONFLICT', 'The last Owner must stay; make someone else Owner first.'],
  client_id_reused: ['CONFLICT', 'This clientId was used before with other content; make a new one.'],
  too_many_reactions: ['CONFLICT', 'This message already has 20 different reactions; use one of them.'],
  too_many_pins: ['CONFLICT', 'This chat already has 100 pinned messages; unpin one first.'],
  totp_on: ['CONFLICT', 'An authenticator app is set up already; remove it first.'],
  second_factor_off: ['CONFLICT', 'There is no second factor; set one up first.'],
  quota_exceeded: ['CONFLICT', 'The limit for these is reached; remove some first.'],

  body_too_large: ['PAYLOAD_TOO_LARGE', 'A body has at most 1 MiB.'],
  unsupported_media_type: ['UNSUPPORTED_MEDIA_TYPE', 'Send JSON with `Content-Type: application/json`.'],
  rate_limited: ['TOO_MANY_REQUESTS', 'Too many requests; wait as long as `Retry-After` says.'],
  too_many_streams: ['TOO_MANY_REQUESTS', 'You have too many open streams; close some.'],
  busy: ['SERVICE_UNAVAILABLE', 'The service is busy; try again with the same clientId.'],
  upgrading: [
    'SERVICE_UNAVAILABLE',
    'Processes of the previous release are still running and would not understand this; try again in a minute.',
  ],
  issuer_unavailable: [
    'SERVICE_UNAVAILABLE',
    'The keys of the issuer of this token cannot be read at the moment; try again.',
  ],
  database_unavailable: ['SERVICE_UNAVAILABLE', 'The database cannot be reached at the moment; try again.'],
  internal: ['INTERNAL_SERVER_ERROR', 'Something went wrong here; tell the operator the request id.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>;
export type Reason = keyof typeof reasons;
