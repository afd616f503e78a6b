import { useMemo } from 'react';
import { onDemand } from '../ui/on-demand.tsx';
import { Popover } from '../ui/popover.tsx';
import { type ShownPerson, showPerson, useShownPerson } from './shown-person.ts';
import { texts } from './texts.ts';

const PersonCard = onDemand(async () => (await import('./person-card.tsx')).PersonCard);

/** The card of the person whose name was pressed, beside it. */
export function PersonPopover() {
  const shown = useShownPerson();
  return shown === undefined ? null : <CardOf key={shown.userId} shown={shown} />;
}

function CardOf({ shown }: { readonly shown: ShownPerson }) {
  const anchor = useMemo(() => ({ current: shown.anchor }), [shown]);
  return (
    <Popover
      anchor={anchor}
      label={texts.card(shown.name ?? texts.someone)}
      role="dialog"
      className="person-card"
      onClose={() => showPerson(undefined)}
    >
      <PersonCard shown={shown} />
    </Popover>
  );
}
