import { z } from 'zod';

const services = ['server', 'notify', 'worker', 'launcher'] as const;
/** The programs that read settings. The launcher makes what the services need. */
export type Service = (typeof services)[number];

/** One setting: how it is parsed, its default, and the message for an invalid value. */
export interface Setting<T, Reader extends Service = Service> {
  readonly schema: z.ZodType<T>;
  /** Completes "expected …". */
  readonly expected: string;
  /** Converts the text of an environment variable to the type that app.yml would give. */
  readonly fromText: (text: string) => unknown;
  readonly fallback: T | undefined;
  /** If true, it is never printed, and can also be read from the file that `<NAME>_FILE` names. */
  readonly isSecret: boolean;
  readonly readers: readonly Reader[];
  readonly isNeeded: boolean;
}
/** Required by every service that reads it; outside production the launcher makes one. */
export interface NeededSetting<T, Reader extends Service = Service> extends Setting<T, Reader> {
  readonly isNeeded: true;
}

type Reading<T> = Pick<Setting<T>, 'schema' | 'expected'> & Partial<Pick<Setting<T>, 'fromText'>>;
const asIs = (text: string): unknown => text;
const open = { fromText: asIs, isSecret: false, readers: services, isNeeded: false } as const;

/** A setting with a default. */
export function setting<T>(reading: Reading<T>, fallback: T): Setting<T> {
  return { ...open, ...reading, fallback };
}

/** A setting that may be unset. */
export function optional<T>(reading: Reading<T>): Setting<T | undefined> {
  return { ...open, ...reading, fallback: undefined };
}

/** A secret that may be unset. */
export function optionalSecret<T>(reading: Reading<T>): Setting<T | undefined> {
  return { ...optional(reading), isSecret: true };
}

/** A secret that every service among its readers needs. */
export function secret<T, const Reader extends Service = Service>(
  reading: Reading<T>,
  readers: readonly Reader[],
): NeededSetting<T, Reader> {
  return { ...open, ...reading, fallback: undefined, readers, isSecret: true, isNeeded: true };
}

/** A whole number; the setting's name contains its unit. */
export function count(min: number, max: number = Number.MAX_SAFE_INTEGER): Reading<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    schema: z.int().min(min).max(max),
    expected: `a whole number ${range}`,
    fromText: (text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : text),
  };
}

/** 0 lets the system choose. */
export const port: Reading<number> = { ...count(0, 65_535), expected: 'a port from 0 to 65535' };

const flagWords: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };
export const flag: Reading<boolean> = {
  schema: z.boolean(),
  expected: 'true or false',
  fromText: (text) => flagWords[text.toLowerCase()] ?? text,
};

export const text = (expected: string, pattern = /^[^\0\r\n]+$/): Reading<string> => ({
  schema: z.string().max(4_096).regex(pattern),
  expected,
});

export const oneOf = <const Word extends string>(words: readonly Word[]): Reading<Word> => ({
  schema: z.enum(words),
  expected: words.join(', ').replace(/, ([^,]*)$/, ' or $1'),
});

/** A list; in the environment its entries are separated by commas. */
export const listOf = <T>(entry: z.ZodType<T>, expected: string): Reading<readonly T[]> => ({
  schema: z.array(entry).max(1_000).readonly(),
  expected,
  fromText: (text) => text.split(',').map((part) => part.trim()),
});
