export * from './bytes-of-range.ts';
export * from './folder-store.ts';
export * from './segments.ts';
export * from './store.ts';
export * from './stores.ts';
export * from './stores-of.ts';
