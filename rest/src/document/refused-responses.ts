import { type Reason, reasons, SecondFactorMethod, statusOfCode } from '@fechatter/contract';
import type { ResponseObject, JsonSchema, Reference } from './open-api.ts';

const bodyBad = ['invalid_input', 'invalid_json'] as const;
const signIn = ['not_signed_in', 'token_invalid', 'token_expired', 'session_revoked'] as const;

/** Errors that many procedures have in common, each set under one name. */
const common: Readonly<Record<string, readonly Reason[]>> = {
  InvalidQuery: ['invalid_input'],
  InvalidBody: bodyBad,
  Unauthorized: signIn,
  BodyTooLarge: ['body_too_large'],
  UnsupportedMediaType: ['unsupported_media_type'],
  Internal: ['internal'],
  Unavailable: ['database_unavailable'],
};

/** What decides which errors a procedure can have beside its own. */
export interface Circumstances {
  readonly isProtected: boolean;
  readonly hasInput: boolean;
  readonly takesBody: boolean;
  /** A stream waits for the database, because a 503 would end an EventSource permanently. */
  readonly isStream: boolean;
}

/** The error responses of one procedure, by status; adds the common ones that it refers to to `used`. */
export function refusedResponses(
  own: readonly Reason[],
  { isProtected, hasInput, takesBody, isStream }: Circumstances,
  used: Map<string, ResponseObject>,
): Record<string, ResponseObject | Reference> {
  const all = new Set<Reason>([
    ...(takesBody ? (hasInput ? bodyBad : []) : (['invalid_input'] as const)),
    ...(isProtected ? signIn : []),
    ...own,
    ...(takesBody ? (['body_too_large', 'unsupported_media_type'] as const) : []),
    'internal',
    ...(isStream ? [] : (['database_unavailable'] as const)),
  ]);
  const statuses = [...new Set([...all].map(statusOf))];
  const withStatus = (status: number) => [...all].filter((reason) => statusOf(reason) === status);
  return Object.fromEntries(statuses.map((status) => [status, shared(withStatus(status), used)]));
}

const statusOf = (reason: Reason): number => statusOfCode[reasons[reason][0]];

function shared(group: readonly Reason[], used: Map<string, ResponseObject>): ResponseObject | Reference {
  const twin = Object.entries(common).find(([, set]) => set.join() === group.join());
  if (twin === undefined) return refusedResponse(group);
  used.set(twin[0], refusedResponse(group));
  return { $ref: `#/components/responses/${twin[0]}` };
}

function refusedResponse(group: readonly Reason[]): ResponseObject {
  const lines = group.map((reason) => `- \`${reason}\`: ${reasons[reason][1]}`);
  const isWait = group.some((reason) => statusOf(reason) === 429 || statusOf(reason) === 503);
  const examples = group.map((reason) => [reason, { value: exampleError(reason) }]);
  return {
    description: lines.join('\n'),
    ...(isWait && { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }),
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' }, examples: Object.fromEntries(examples) },
    },
  };
}

function exampleError(reason: Reason) {
  const [code, message] = reasons[reason];
  const issue = { path: ['limit'], message: 'Too big: expected number to be <=100', code: 'too_big' };
  return {
    error: {
      code,
      reason,
      message,
      request_id: '6f1c9a52-3b7e-4d0a-9c88-51d2e0f4a7b3',
      ...(reason === 'invalid_input' && { issues: [issue] }),
      ...(reason === 'second_factor_required' && {
        challenge: 'Zr8kQm0yv3oT1c9XwJ5uLg',
        methods: ['Totp', 'RecoveryCode'],
      }),
    },
  };
}

/** The body of every error response. */
export const errorSchema: JsonSchema = {
  type: 'object',
  description: 'Why a call was refused.',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'reason', 'message', 'request_id'],
      properties: {
        code: { type: 'string', enum: Object.keys(statusOfCode), description: 'What kind of refusal this is.' },
        reason: { type: 'string', enum: Object.keys(reasons), description: 'Never changes its meaning: switch on it.' },
        message: { type: 'string', description: 'For people; may change.' },
        request_id: { type: 'string', description: 'Also in `X-Request-Id`: give it to the operator.' },
        challenge: { type: 'string', description: 'With `second_factor_required`: for `POST /auth/second-factor`.' },
        methods: {
          type: 'array',
          description: 'With `second_factor_required`: what this account can use.',
          items: { type: 'string', enum: SecondFactorMethod.options },
        },
        issues: {
          type: 'array',
          description: 'What is wrong with the input.',
          items: {
            type: 'object',
            required: ['path', 'message', 'code'],
            properties: {
              path: { type: 'array', items: { type: ['string', 'integer'] } },
              message: { type: 'string' },
              code: { type: 'string' },
            },
          },
        },
      },
    },
  },
};
