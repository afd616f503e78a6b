export type { PushContent } from '../wire.ts';
export { createPushes, type Pushes, type PushState } from './create-pushes.ts';
