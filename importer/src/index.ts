export { type ImportOptions, type ImportProgress, importStream } from './load/import-stream.ts';
export { type Download, importKinds, type ImportKind, type ParserOptions } from './kinds/kinds.ts';
export type { ImportReport, ReportedProblem } from './report.ts';
export * from './stream.ts';
