export { mountPanel } from './serve/mount-panel.ts';
