/** The intervals of presence. */
export interface PresencePeriods {
  /** The minimum time between two writes. */
  readonly writeMs: number;
  /** How long a person stays online after their last stream. */
  readonly graceMs: number;
  /** How often the lease is renewed and all watched people are read. */
  readonly renewMs: number;
  /** The lease, by the database's clock: two renewals may fail, and part of a third. */
  readonly leaseMs: number;
  /** Hints within this time are handled together. */
  readonly gatherMs: number;
}

/** After a lost notification, presence is correct within 35 s; people of a killed instance are offline within 110 s. */
export const presencePeriods: PresencePeriods = {
  writeMs: 1_000,
  graceMs: 30_000,
  renewMs: 30_000,
  leaseMs: 75_000,
  gatherMs: 250,
};
