// Runs in the SDK as it is: nothing here imports a schema.

/** From the lowest to the highest. */
export const roles = ['Member', 'Admin', 'Owner'] as const;
