import type { Shape } from './shape.ts';

type Write = (value: unknown) => unknown;

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/**
 * Makes a function that renames an output's keys to REST's names; made once per schema, because it runs for every row
 * of every page. Undefined if the value can stay as it is: JSON.stringify writes dates as ISO 8601 in UTC.
 */
export function writerOf(shape: Shape): Write | undefined {
  if (shape.kind === 'array') return arrayWriter(writerOf(shape.item));
  if (shape.kind === 'record') return recordWriter(writerOf(shape.value));
  return shape.kind === 'object' ? objectWriter(shape) : undefined;
}

function arrayWriter(write: Write | undefined): Write | undefined {
  return write && ((value) => (Array.isArray(value) ? value.map(write) : value));
}

function recordWriter(write: Write | undefined): Write | undefined {
  return (
    write &&
    ((value) =>
      isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, write(item)])) : value)
  );
}

function objectWriter({ fields, hasFreeKeys }: Extract<Shape, { kind: 'object' }>): Write {
  const writers = fields.map(({ name, wire, shape }) => ({ name, wire, write: writerOf(shape) }));
  const names = new Set(fields.map(({ name }) => name));
  return (value) => {
    if (!isTree(value)) return value;
    const written: Record<string, unknown> = hasFreeKeys
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)))
      : {};
    for (const { name, wire, write } of writers) written[wire] = write ? write(value[name]) : value[name];
    return written;
  };
}
