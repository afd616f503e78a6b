import { useState } from 'react';
import { Field, Form } from './form.tsx';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

export interface ShownOnceProps {
  readonly label: string;
  /** On the button that copies it: `Copy link`. */
  readonly copyLabel: string;
  readonly value: string;
}

/** A secret that the service shows only now. Give it the value as its key. */
export function ShownOnce({ label, copyLabel, value }: ShownOnceProps) {
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      throw new Refusal(texts.copyRefused);
    }
    setCopied(true);
  }
  return (
    <Form submit={isCopied ? texts.copied : copyLabel} onSubmit={copy}>
      <Field label={texts.shownOnce(label)} readOnly value={value} onFocus={(event) => event.target.select()} />
    </Form>
  );
}
