import { useState } from 'react';
import { Field, Form } from './form.tsx';
import { Refusal } from './sentence-of.ts';

export interface ShownOnceProps {
  readonly label: string;
  /** What it is, on the button that copies it: `link`. */
  readonly what: string;
  readonly value: string;
}

/** A secret that the service shows only now. Give it the value as its key. */
export function ShownOnce({ label, what, value }: ShownOnceProps) {
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      throw new Refusal('Your browser does not allow that: select the text, and copy it.');
    }
    setCopied(true);
  }
  return (
    <Form submit={isCopied ? 'Copied' : `Copy ${what}`} onSubmit={copy}>
      <Field
        label={`${label}; it is shown only now`}
        readOnly
        value={value}
        onFocus={(event) => event.target.select()}
      />
    </Form>
  );
}
