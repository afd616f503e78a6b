import { type ReactNode, useState } from 'react';

export interface DetailsProps {
  readonly summary: string;
  readonly children: ReactNode;
}

/** Content that is loaded only when it is opened. */
export function Details({ summary, children }: DetailsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children}
    </details>
  );
}
