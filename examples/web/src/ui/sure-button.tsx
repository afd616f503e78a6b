import { type ReactNode, useState } from 'react';

export interface SureButtonProps {
  /** The question before the action, which cannot be undone. */
  readonly question: string;
  readonly label?: string;
  readonly className?: string;
  readonly onSure: () => void;
  readonly children: ReactNode;
}

/** A button that asks for confirmation; losing the focus cancels it. */
export function SureButton({ question, label, className = 'danger', onSure, children }: SureButtonProps) {
  const [isSure, setSure] = useState(false);
  return (
    <button
      type="button"
      className={isSure ? 'danger' : className}
      aria-label={isSure ? undefined : label}
      title={label}
      onBlur={() => setSure(false)}
      onPointerLeave={() => setSure(false)}
      onClick={() => (isSure ? onSure() : setSure(true))}
    >
      {isSure ? question : children}
    </button>
  );
}
