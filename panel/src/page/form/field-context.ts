import type { JsonSchema } from '../../panel-document.ts';
import type { Path } from '../schema/value-at-path.ts';

/** Instead of a value: take it out of the tree. */
export const ABSENT = Symbol('absent');

/** One place of the form. */
export interface FieldPlace {
  readonly label: string;
  /** The key that says what kind of id or secret this is; in a list, that of its items. */
  readonly key: string;
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly value: unknown;
  /** Where it may be left out: does so. */
  readonly leaveOut?: () => void;
}

/** What fields know of the form that they stand in. */
export interface FieldContext {
  readonly root: JsonSchema;
  /** Something was typed: the value changes, the form stays as it is. */
  put(path: Path, value: unknown): void;
  /** What the form consists of changes; the keyboard goes on at `focus`. */
  reshape(path: Path, value: unknown, focus: Path): void;
  blank(schema: JsonSchema, key: string): unknown;
  idsFor(key: string): readonly string[];
  field(place: FieldPlace): HTMLElement;
}

/** The id of the element that edits what is at a path. */
export const controlId = (path: Path): string => `field-${path.join('.') || 'input'}`;
export const issueId = (path: Path): string => `${controlId(path)}-issue`;
