import { type ReactNode, useState } from 'react';

export interface DetailsProps {
  readonly summary: string;
  readonly children: ReactNode;
}

/** Something that is not even read until somebody wants to see it. */
export function Details({ summary, children }: DetailsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children}
    </details>
  );
}
