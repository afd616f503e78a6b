import type { JsonSchema } from '../../panel-document.ts';
import type { Path } from '../schema/value-at-path.ts';

/** Marks a value that is to be removed from the tree. */
export const ABSENT = Symbol('absent');

/** One value of the form. */
export interface FieldPlace {
  readonly label: string;
  /** The key that names the kind of id or secret; for a list item, the list's key. */
  readonly key: string;
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly value: unknown;
  /** Removes an optional value. */
  readonly leaveOut?: () => void;
}

/** What a field can do with the form that contains it. */
export interface FieldContext {
  readonly root: JsonSchema;
  /** Changes a value without rebuilding the form. */
  put(path: Path, value: unknown): void;
  /** Changes a value and rebuilds the form; `focus` then gets the keyboard focus. */
  reshape(path: Path, value: unknown, focus: Path): void;
  blank(schema: JsonSchema, key: string): unknown;
  idsFor(key: string): readonly string[];
  field(place: FieldPlace): HTMLElement;
}

/** The id of the element that edits the value at a path. */
export const controlId = (path: Path): string => `field-${path.join('.') || 'input'}`;
export const issueId = (path: Path): string => `${controlId(path)}-issue`;
