export { applyEvent, type Unread } from './apply-event.ts';
export { readChat, readMembers, readState } from './read-state.ts';
export { emptyState, type KnownMember, type State } from './state.ts';
