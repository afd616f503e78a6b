import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { useCall } from './use-call.ts';

export interface FormProps {
  readonly submit: string;
  readonly onSubmit: (fields: FormData) => Promise<unknown>;
  readonly children: ReactNode;
}

/** A form that sends its fields once, and says what they were refused with. */
export function Form({ submit, onSubmit, children }: FormProps) {
  const { run, isBusy, problem } = useCall();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const fields = new FormData(event.currentTarget);
        run(() => onSubmit(fields));
      }}
    >
      {children}
      <Problem text={problem} />
      <button type="submit" className="primary" disabled={isBusy}>
        {submit}
      </button>
    </form>
  );
}

/** A text of a form without the space around it; empty where it was left out. */
export const textOf = (fields: FormData, name: string): string => wholeTextOf(fields, name).trim();

/** The same to the letter, as a password is. */
export function wholeTextOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

export function Field({
  label,
  hint,
  ...input
}: { readonly label: string; readonly hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })} />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

export function Problem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p role="alert" className="problem">
      {text}
    </p>
  );
}
