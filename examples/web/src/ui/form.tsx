import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { texts } from './texts.ts';
import { useCall } from './use-call.ts';

export interface FormProps {
  readonly submit: string;
  readonly onSubmit: (fields: FormData) => Promise<unknown>;
  readonly children: ReactNode;
}

/** A form that submits its fields once, and shows the error if they are refused. */
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
      <button type="submit" className="primary" aria-disabled={isBusy}>
        {submit}
      </button>
    </form>
  );
}

/** A trimmed text of a form; empty if it is missing. */
export const textOf = (fields: FormData, name: string): string => wholeTextOf(fields, name).trim();

/** The same untrimmed, for passwords. */
export function wholeTextOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** In UTF-16 units. Longer texts can be typed: they are not truncated, and not sent until they fit. */
  readonly maxLength?: number;
}

export function Field({ label, hint, maxLength = Number.POSITIVE_INFINITY, ...input }: FieldProps) {
  const id = useId();
  const [excess, setExcess] = useState('');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...input}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onInput={({ currentTarget }) => {
          const { length } = currentTarget.value;
          const problem = length > maxLength ? texts.tooLong({ max: maxLength, length }) : '';
          currentTarget.setCustomValidity(problem);
          setExcess(problem);
        }}
      />
      <Problem text={excess || undefined} />
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
