import fc from 'fast-check';

// Hostile values, as arbitraries of fast-check.

const NESTED = 400;

const texts = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  "' or 1=1 --",
  '"; drop table users; --',
  "$1'; select pg_sleep(10); --",
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00',
  '\ud83d\ude00'.repeat(40),
  '\u202egnp.exe\u202c\u2066\u2069',
  '\u200b\u200d\ufeff\u2060',
  'e\u0301\u0301\u0301\u0301',
  '\u{10ffff}',
  'a'.repeat(9_000),
  '\u00a0'.repeat(9_000),
  // Inputs on which bad regular expressions take exponential time: addresses, links, white space, tokens.
  `${'a'.repeat(9_000)}@`,
  `a@${'a.'.repeat(4_500)}`,
  `${'a.'.repeat(4_500)}@x.org`,
  '@'.repeat(9_000),
  `https://${'a'.repeat(9_000)}`,
  `https://${'a.'.repeat(4_500)}!`,
  `https://${'%'.repeat(9_000)}`,
  `https://x.org/${'../'.repeat(3_000)}`,
  'https://[::1',
  'https://user:password@127.0.0.1:1',
  'javascript:alert(1)',
  `${'\t '.repeat(4_500)}x`,
  'ey'.repeat(4_000),
  '../../etc/passwd',
  '%2e%2e%2f%00',
  '\r\nx-injected: 1\r\n\r\n',
  // oxlint-disable-next-line no-template-curly-in-string
  '${jndi:ldap://x.org/a}',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '-1',
  '1e308',
  '9007199254740993',
  'NaN',
  'null',
  'true',
  '[object Object]',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '0198C0DE-0000-7000-8000-000000000001',
  '{0198c0de-0000-7000-8000-000000000001}',
  '0198c0de00007000800000000000001',
  'Owner',
  'PublicChannel',
] as const;

const numbers = [2 ** 53, 2 ** 53 - 1, -(2 ** 53), 2 ** 63, 2 ** 64, 1e308, -1e308, -1, -0, 0, 0.5, 5e-324, 2 ** 31];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value };
  return value;
}

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...texts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 3, arbitrary: fc.constantFrom(...numbers) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 1e9 }) },
  { weight: 1, arbitrary: fc.constant(nested(NESTED)) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 1_000 }, (_, n) => n)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Names of real fields, and of some that no procedure should read. */
export const fieldName = fc.constantFrom(
  ...'limit cursor before after query clientId description avatarUrl email maxUses'.split(' '),
  ...'expiresInSeconds fullName seq memberIds userIds lastEventId role name content'.split(' '),
  ...'__proto__ constructor prototype toJSON then length isAdmin'.split(' '),
  '',
);

const metaType: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  ...'Date undefined bigint regexp Error set map URL number nonsense'.split(' '),
  ['class', 'Object'],
  ['symbol', 'iterator'],
  ['custom', 'x'],
  ['typed-array', 'Float64Array'],
  null,
);
const metaPath = fc.constantFrom(
  ...'0 chatId content name memberIds.0 __proto__ __proto__.polluted constructor.prototype'.split(' '),
  '',
  ...'constructor.prototype.polluted prototype.polluted a.b.c content.length \\ . ..'.split(' '),
);
/** superjson's annotations of a body, which could make it write to objects. */
export const hostileMeta: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    {
      values: fc.oneof(
        fc.dictionary(metaPath, fc.tuple(metaType) as fc.Arbitrary<unknown>, { noNullPrototype: true }),
        fc.tuple(metaType),
        hostileValue,
      ),
      referentialEqualities: fc.oneof(
        fc.dictionary(metaPath, fc.array(metaPath, { maxLength: 3 }), { noNullPrototype: true }),
        hostileValue,
      ),
      v: fc.constantFrom(0, 1, 2, 'x'),
    },
    { requiredKeys: [] },
  ),
  hostileValue,
);
