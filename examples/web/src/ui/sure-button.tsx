import { type ReactNode, useState } from 'react';

export interface SureButtonProps {
  /** What it asks before it does anything: there is no way back. */
  readonly question: string;
  readonly label?: string;
  readonly className?: string;
  readonly onSure: () => void;
  readonly children: ReactNode;
}

/** A button that asks once more; looking elsewhere takes it back. */
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
