import type { Issue } from '@fechatter/service-kit';
import type { Shape } from './shape.ts';

/** The issues of an input, with the names that the caller used. */
export function wireIssues(issues: readonly Issue[], shape: Shape): readonly Issue[] {
  return issues.map((issue) => ({ ...issue, path: wirePath(issue.path, shape) }));
}

function wirePath([key, ...rest]: Issue['path'], shape: Shape | undefined): Issue['path'] {
  if (key === undefined) return [];
  if (shape?.kind === 'array') return [key, ...wirePath(rest, shape.item)];
  if (shape?.kind === 'record') return [key, ...wirePath(rest, shape.value)];
  const field = shape?.kind === 'object' ? shape.fields.find(({ name }) => name === key) : undefined;
  return [field?.wire ?? key, ...wirePath(rest, field?.shape)];
}
