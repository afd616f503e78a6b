export { applyEvent } from '../store/apply-event.ts';
export { readChat, readMembers, readState } from '../store/read-state.ts';
export type { Missing } from '../store/reducer.ts';
export { emptyState, type KnownMember, type State } from '../store/state.ts';
