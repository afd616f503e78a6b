/** The standard codes that Fechatter answers with, and the HTTP status that each has over REST. */
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

/** Why a call was refused. A reason never changes its meaning; the sentence says what to do. */
export const reasons = {
  invalid_input: ['BAD_REQUEST', 'The input is not valid; `issues` says what is expected.'],
  invalid_json: ['BAD_REQUEST', 'The body is not valid JSON.'],
  invalid_cursor: ['BAD_REQUEST', 'This cursor is not one that this list gave; start again without a cursor.'],
  batch_too_large: [
    'BAD_REQUEST',
    'A batch has at most 20 calls, and their answers 24 MiB together; ask for less at once.',
  ],
  before_and_after: ['BAD_REQUEST', 'Give one of `before`, `after`, `around`, `aroundNumber` and `ids`.'],
  password_too_common: [
    'BAD_REQUEST',
    'This password is among the first that are guessed; choose a longer one of your own.',
  ],
  token_spent: ['BAD_REQUEST', 'This link is not good any more; ask for a new one.'],
  not_an_emoji: ['BAD_REQUEST', 'This is neither an emoji nor one of the workspace’s own.'],

  not_signed_in: ['UNAUTHORIZED', 'Sign in and send the token as `Authorization: Bearer <token>`.'],
  token_invalid: ['UNAUTHORIZED', 'This token was not issued here; sign in again.'],
  token_expired: ['UNAUTHORIZED', 'This token has expired; refresh it.'],
  session_revoked: ['UNAUTHORIZED', 'This session has ended; sign in again.'],
  wrong_credentials: ['UNAUTHORIZED', 'The e-mail address or the password is wrong.'],
  refresh_invalid: ['UNAUTHORIZED', 'This refresh token is not valid; sign in again.'],
  ticket_invalid: ['UNAUTHORIZED', 'This ticket is not valid any more; take a new one.'],

  account_suspended: ['FORBIDDEN', 'This account is suspended; ask the operator.'],
  email_unverified: ['FORBIDDEN', 'Prove first that the e-mail address is yours: open the link in the mail.'],
  mail_off: ['FORBIDDEN', 'This deployment sends no mail; ask the operator.'],
  signup_closed: ['FORBIDDEN', 'Nobody signs up here by themselves; ask the operator.'],
  invitation_needed: ['FORBIDDEN', 'Only people who were invited sign up here; open your invitation.'],
  domain_not_allowed: ['FORBIDDEN', 'People sign up here with addresses of certain domains alone.'],
  wrong_password: ['FORBIDDEN', 'The current password is wrong.'],
  role_too_low: ['FORBIDDEN', 'Your role does not allow this.'],
  not_a_member: ['FORBIDDEN', 'Join this channel first.'],
  not_the_sender: ['FORBIDDEN', 'Only its sender may edit a message.'],
  receipts_off: ['FORBIDDEN', 'Who has read it is not shown here: the chat has too many members.'],
  single_chat_fixed: ['FORBIDDEN', 'A Single chat keeps its two members, its name and its existence.'],
  member_gone: ['FORBIDDEN', 'The other person has left the workspace.'],

  route_not_found: ['NOT_FOUND', 'There is nothing at this path.'],
  user_not_found: ['NOT_FOUND', 'There is no such person here.'],
  session_not_found: ['NOT_FOUND', 'There is no such session.'],
  workspace_not_found: ['NOT_FOUND', 'There is no such workspace.'],
  member_not_found: ['NOT_FOUND', 'There is no such member.'],
  invite_not_found: ['NOT_FOUND', 'This invite does not exist or is not good any more.'],
  chat_not_found: ['NOT_FOUND', 'There is no such chat.'],
  message_not_found: ['NOT_FOUND', 'There is no such message in this chat.'],

  method_not_allowed: ['METHOD_NOT_SUPPORTED', 'This path takes other methods; see `Allow`.'],
  email_taken: ['CONFLICT', 'An account with this e-mail address exists; sign in.'],
  last_owner: ['CONFLICT', 'The last Owner must stay; make someone else Owner first.'],
  client_id_reused: ['CONFLICT', 'This clientId was used before with other content; make a new one.'],
  too_many_reactions: ['CONFLICT', 'This message has 20 kinds of reactions already; use one of them.'],
  quota_exceeded: ['CONFLICT', 'There are as many of these as there may be; remove some first.'],

  body_too_large: ['PAYLOAD_TOO_LARGE', 'A body has at most 1 MiB.'],
  unsupported_media_type: ['UNSUPPORTED_MEDIA_TYPE', 'Send JSON with `Content-Type: application/json`.'],
  rate_limited: ['TOO_MANY_REQUESTS', 'Too many requests; wait as long as `Retry-After` says.'],
  too_many_streams: ['TOO_MANY_REQUESTS', 'You have too many open streams; close some.'],
  busy: ['SERVICE_UNAVAILABLE', 'The service is busy; try again with the same clientId.'],
  upgrading: [
    'SERVICE_UNAVAILABLE',
    'Processes of the release before still run, and would not understand this; try again in a minute.',
  ],
  database_unavailable: ['SERVICE_UNAVAILABLE', 'The database cannot be reached at the moment; try again.'],
  internal: ['INTERNAL_SERVER_ERROR', 'Something went wrong here; tell the operator the request id.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>;
export type Reason = keyof typeof reasons;
