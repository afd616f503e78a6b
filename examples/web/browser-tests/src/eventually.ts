import { expect } from 'vitest';

const PATIENCE_MS = 30_000;

/** What is so in the end. */
interface Eventually<T> {
  toBe(value: T): Promise<void>;
  toContain(part: string): Promise<void>;
  toBeGreaterThan(value: number): Promise<void>;
  toBeLessThan(value: number): Promise<void>;
}

/** Waits until a fact is so; on a busy machine that takes its time. */
export const eventually = <T>(look: () => Promise<T>): Eventually<T> => expect.poll(look, { timeout: PATIENCE_MS });
