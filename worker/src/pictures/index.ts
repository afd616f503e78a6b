// What imports need of it.
export { writeObjects } from '../file-checks/write-objects.ts';
export type { Picture } from './child-output.ts';
export { renderInChild } from './render-in-child.ts';
