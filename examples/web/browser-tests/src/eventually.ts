import { expect } from 'vitest';

const PATIENCE_MS = 60_000;

/** Assertions that hold eventually. */
interface Eventually<T> {
  toBe(value: T): Promise<void>;
  toContain(part: string): Promise<void>;
  toMatch(pattern: RegExp): Promise<void>;
  toBeGreaterThan(value: number): Promise<void>;
  toBeLessThan(value: number): Promise<void>;
}

/** Waits until a fact holds, which takes a while on a busy machine. */
export const eventually = <T>(look: () => Promise<T>): Eventually<T> => expect.poll(look, { timeout: PATIENCE_MS });
