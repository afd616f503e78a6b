export { builtPage } from './serve/built-page.ts';
export { mountPanel } from './serve/mount-panel.ts';
