/** Where an error of the app's own code goes. */
export type ErrorReport = (error: unknown) => void;

/** Reports to `onError` if the app gave one, else to the platform: `reportError` in browsers, the console elsewhere. */
export function errorReport(onError?: ErrorReport): ErrorReport {
  return (error) => {
    if (onError === undefined) return reportToPlatform(error);
    try {
      onError(error);
    } catch (errorOfReport) {
      reportToPlatform(errorOfReport);
    }
  };
}

/** Calls a callback of the app. What it throws, or its promise rejects with, is reported once and not thrown again. */
export function callIsolated(callback: () => unknown, report: ErrorReport = reportToPlatform): void {
  try {
    const result = callback();
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';

function reportToPlatform(error: unknown): void {
  const { reportError } = globalThis as { readonly reportError?: ErrorReport };
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}
