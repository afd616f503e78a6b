import { type Reason, reasons, statusOfCode } from '@fechatter/contract';
import { TRPCError } from '@trpc/server';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorBody, errorHeaders, errorResponse } from './error-response.ts';
import { problemOf } from './problem.ts';
import { refuse } from './refusal.ts';

class Unreachable extends Error {}
const isUnavailable = (error: unknown) => error instanceof Unreachable;
const zodError = z.object({ names: z.array(z.string()) }).safeParse({ names: ['a', 1] }).error;

test('every reason has the code of the table', () => {
  for (const [reason, [code, message]] of Object.entries(reasons))
    expect(problemOf(refuse(reason as Reason))).toEqual({ code, status: statusOfCode[code], reason, message });
});

test('a refusal may say more', () => {
  const issues = [{ path: ['a'], message: 'no', code: 'custom' }];
  const problem = problemOf(refuse('rate_limited', { message: 'slower', retryAfterMs: 1_200, issues }));
  expect(problem).toMatchObject({ message: 'slower', retryAfterMs: 1_200, issues });
  expect(errorHeaders(problem)).toEqual({ 'retry-after': '2' });
});

describe('an error that is not a refusal', () => {
  test.each([
    ['a bug', new TypeError('x is undefined'), 'internal'],
    ['not even an error', 'boo', 'internal'],
    ['a bug inside tRPC', new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('x') }), 'internal'],
    ['a zod error of ours', new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: zodError }), 'internal'],
    ['an input that zod refuses', new TRPCError({ code: 'BAD_REQUEST', cause: zodError }), 'invalid_input'],
    ['no JSON', new TRPCError({ code: 'BAD_REQUEST', cause: new SyntaxError('Unexpected token') }), 'invalid_json'],
    ['no superjson', new TRPCError({ code: 'BAD_REQUEST', cause: new TypeError('no') }), 'invalid_input'],
    ['no procedure', new TRPCError({ code: 'NOT_FOUND' }), 'route_not_found'],
    ['another method', new TRPCError({ code: 'METHOD_NOT_SUPPORTED' }), 'method_not_allowed'],
    ['another type', new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' }), 'unsupported_media_type'],
    ['a code that we do not use', new TRPCError({ code: 'NOT_IMPLEMENTED' }), 'internal'],
    ['no database', new Unreachable(), 'database_unavailable'],
    [
      'no database, further down',
      new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('q', { cause: new Unreachable() }) }),
      'database_unavailable',
    ],
  ])('%s', (_, error, reason) => {
    expect(problemOf(error, isUnavailable).reason).toBe(reason);
  });

  test('reveals no detail', () => {
    expect(problemOf(new Error('secret of ours')).message).toBe(reasons.internal[1]);
  });
});

test('issues have path, code and message, at most twenty', () => {
  const error = new TRPCError({ code: 'BAD_REQUEST', cause: zodError });
  expect(problemOf(error).issues).toEqual([
    { path: ['names', 1], message: 'Invalid input: expected string, received number', code: 'invalid_type' },
  ]);
  const cause = z.array(z.string()).safeParse(Array.from({ length: 500 }, () => 1)).error;
  expect(problemOf(new TRPCError({ code: 'BAD_REQUEST', cause })).issues).toHaveLength(20);
});

test('over plain HTTP an error has one form', async () => {
  expect(errorBody(problemOf(refuse('chat_not_found')), 'r-1')).toEqual({
    error: { code: 'NOT_FOUND', reason: 'chat_not_found', message: 'There is no such chat.', request_id: 'r-1' },
  });
  const response = errorResponse(problemOf(refuse('not_signed_in')), 'r-2');
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ error: { reason: 'not_signed_in', request_id: 'r-2' } });
});
