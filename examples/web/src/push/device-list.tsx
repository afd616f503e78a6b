import type { PushSubscriptionRow } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { useResult } from '../ui/use-result.ts';
import { texts } from './texts.ts';

/** All devices of the person that receive pushes. */
export function DeviceList() {
  const { result, problem: unknown, askAgain } = useResult(() => chatter.push.subscriptions.query(), 'devices');
  const { run, problem, isBusy } = useCall();
  const change = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      askAgain();
    });
  return (
    <>
      <Problem text={problem ?? unknown} />
      {result?.subscriptions.length === 0 && <p className="quiet">{texts.noDevices}</p>}
      <ul className="rows">
        {result?.subscriptions.map((device) => (
          <li key={device.id}>
            <span className="name">
              {device.current ? texts.thisDevice : texts.otherDevice}
              <small>
                {texts.since(dateAndTimeOf(device.createdAt))}
                {failureOf(device)}
              </small>
            </span>
            <button
              type="button"
              disabled={isBusy}
              onClick={() => change(() => chatter.push.test.mutate({ subscriptionId: device.id }))}
            >
              {texts.sendTest}
            </button>
            {/* This one is ended above, also in the browser. */}
            {!device.current && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() => change(() => chatter.push.unsubscribe.mutate({ subscriptionId: device.id }))}
              >
                {texts.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

const failureOf = ({ failure }: PushSubscriptionRow): string => (failure === null ? '' : texts.notDelivered(failure));
