/** How often what is done. */
export interface PresencePeriods {
  /** What has changed here is written at most so often. */
  readonly writeMs: number;
  /** A person whose last stream is gone is there for so long. */
  readonly graceMs: number;
  /** The lease is renewed, and everything that is watched is looked at, so often. */
  readonly renewMs: number;
  /** What an instance says holds for so long by the database's clock: two renewals may fail, and some of a third. */
  readonly leaseMs: number;
  /** What is hinted at meanwhile is looked at together. */
  readonly gatherMs: number;
}

/** A lost notification heals within 35 s, and people of an instance that was killed are offline within 110 s. */
export const presencePeriods: PresencePeriods = {
  writeMs: 1_000,
  graceMs: 30_000,
  renewMs: 30_000,
  leaseMs: 75_000,
  gatherMs: 250,
};
