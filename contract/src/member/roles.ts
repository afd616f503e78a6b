// Runs in the SDK unchanged: imports no schema.

/** From the lowest to the highest. */
export const roles = ['Guest', 'Member', 'Admin', 'Owner'] as const;
/** In a chat: `Guest` is a role of workspaces only. */
export const chatRoles = ['Member', 'Admin', 'Owner'] as const;
