import { Fragment } from 'react';
import { partsOf, type ShortcutName, shortcuts } from './keys-of.ts';
import { texts } from './texts.ts';

/** The first key of a shortcut, for the eye: screen readers have it from `aria-keyshortcuts`. */
export function Keys({ of: name }: { readonly of: ShortcutName }) {
  return (
    <span className="keys-of" aria-hidden="true">
      <Key of={shortcuts[name].keys[0]} />
    </span>
  );
}

/** A key, and what is held with it. */
export function Key({ of: key }: { readonly of: string }) {
  return partsOf(key).map((part, at) => (
    <Fragment key={part}>
      {at > 0 && ' '}
      <kbd>{texts.keys[part] ?? part}</kbd>
    </Fragment>
  ));
}
