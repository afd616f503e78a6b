import type { loggedEvents, LogRow, NounName } from '@fechatter/contract';
import { type FoundNouns, type LogEntry, sourceOf } from '@fechatter/drizzle';
import fc from 'fast-check';

type Definition = (typeof loggedEvents)[number];
type SourceColumn = ReturnType<typeof sourceOf>['columns'][string];

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const id = optional(fc.uuid());
const seq = optional(fc.nat());

/** Any value of a column that the schema allows, not only those of valid rows. */
function valueOf(column: SourceColumn): fc.Arbitrary<unknown> {
  const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    string: column.columnType === 'PgUUID' ? fc.uuid() : fc.string(),
    number: fc.nat(),
    date: fc.date({ noInvalidDate: true }),
    boolean: fc.boolean(),
    json: fc.jsonValue(),
    custom: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  };
  const { enumValues } = column;
  const value = enumValues === undefined ? values[column.dataType] : fc.constantFrom(...enumValues);
  if (value === undefined) throw new Error(`no values for ${column.columnType}`);
  return column.notNull ? value : optional(value);
}

function foundRow(name: NounName): fc.Arbitrary<object> {
  const { columns, others = {} } = sourceOf(name);
  return fc.record({
    ...Object.fromEntries(Object.entries(columns).map(([column, of]) => [column, valueOf(of)])),
    ...Object.fromEntries(Object.keys(others).map((other) => [other, fc.constant(null)])),
  });
}

/** Any row of a kind: references, facts and nouns may be missing or invalid, and no content can be decrypted. */
export function arbitraryEntry(definition: Definition): fc.Arbitrary<LogEntry> {
  const nouns = (definition.needs as readonly NounName[]).map((name) => [name, foundRow(name)] as const);
  const { facts } = definition;
  const known = Object.fromEntries(Object.keys(facts.shape).map((name) => [name, fc.jsonValue()]));
  return fc.record({
    pos: fc.nat(),
    nonce: fc.integer(),
    code: fc.constant(definition.code),
    createdAt: fc.date({ noInvalidDate: true }),
    workspaceId: id,
    workspaceSeq: seq,
    chatId: id,
    chatSeq: seq,
    userId: id,
    subjectId: id,
    facts: fc.oneof(fc.jsonValue(), fc.record(known, { requiredKeys: [] })) as fc.Arbitrary<LogRow['facts']>,
    nouns: fc.record(Object.fromEntries(nouns), { requiredKeys: [] }) as fc.Arbitrary<FoundNouns>,
    opensFor: fc.constant([]),
  });
}
