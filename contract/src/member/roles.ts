// Runs in the SDK unchanged: imports no schema.

/** From the lowest to the highest. */
export const roles = ['Member', 'Admin', 'Owner'] as const;
