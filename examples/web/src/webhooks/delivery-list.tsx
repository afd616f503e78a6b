import type { Delivery } from '@fechatter/client';
import { useEffect, useState } from 'react';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { Select } from '../ui/select.tsx';
import { useCall } from '../ui/use-call.ts';
import { type Pages, usePages } from '../ui/use-pages.ts';
import { texts } from './texts.ts';
import { outcomeOf, subjectOf } from './words.ts';

const PAGE_ROWS = 20;
const LOOK_AGAIN_MS = 2_000;

/** What a webhook is to send and has sent, the latest first. */
export function DeliveryList({ webhookId }: { readonly webhookId: string }) {
  const [chosen, setChosen] = useState('');
  const state = stateOf(chosen);
  const pages = usePages(async (cursor) => {
    const asked = { webhookId, limit: PAGE_ROWS, cursor, ...(state && { state }) };
    const { deliveries, nextCursor } = await chatter.webhook.deliveries.query(asked);
    return { rows: deliveries, nextCursor };
  }, chosen);
  useLookingAgain(pages);
  const { run, problem } = useCall();
  const redeliver = (deliveryId: string) =>
    run(async () => {
      await chatter.webhook.redeliver.mutate({ webhookId, deliveryId });
      pages.askAgain();
    });
  return (
    <>
      <div className="abreast">
        <Select
          label={texts.show}
          options={texts.states}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        />
        <button type="button" onClick={pages.askAgain}>
          {texts.lookAgain}
        </button>
      </div>
      <Problem text={pages.problem ?? problem} />
      <ul className="rows" aria-live="polite">
        {pages.rows?.map((delivery) => (
          <li key={delivery.id}>
            <span className="name">
              {subjectOf(delivery)}
              <small>{outcomeOf(delivery)}</small>
            </span>
            {!isFirst(delivery) && (
              <button type="button" onClick={() => redeliver(delivery.id)}>
                {texts.sendAgain}
              </button>
            )}
          </li>
        ))}
        <More pages={pages} />
      </ul>
      {pages.rows?.length === 0 && <p className="quiet">{texts.none}</p>}
    </>
  );
}

/** Whether it waits for its first attempt, which comes by itself. */
const isFirst = ({ state, dueAt }: Delivery) => state === 'Waiting' && dueAt === null;

/** No event says what became of a delivery: while the first page shows one that is sent at any moment, it is read again. */
function useLookingAgain({ rows = [], askAgain }: Pages<Delivery>): void {
  const isWanted = rows.length <= PAGE_ROWS && rows.some(isSoon);
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setTimeout(askAgain, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isWanted, rows]);
}

/** A retry that was asked for is due at once. */
const isSoon = ({ state, dueAt }: Delivery) =>
  state === 'Waiting' && (dueAt === null || dueAt.getTime() < Date.now() + LOOK_AGAIN_MS);

const stateOf = (text: string): Delivery['state'] | undefined =>
  (['Waiting', 'Delivered', 'Failed', 'Skipped'] as const).find((one) => one === text);
