import type { PushState } from '@fechatter/client/push';
import { usePushes } from '@fechatter/client/react';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { pushes } from './pushes.ts';

const sentences: Readonly<Record<PushState, string>> = {
  unsupported: 'This browser, or this deployment, has no notifications.',
  denied: 'You have forbidden notifications of this page. Only the settings of your browser can allow them again.',
  off: 'While this page is closed you are not notified.',
  on: 'You are notified on this device, also while this page is closed.',
};

/** Whether this device is notified while the page is closed. */
export function ThisDevice() {
  const { state, turnOn, turnOff } = usePushes(pushes);
  const { isBusy, problem, run } = useCall();
  return (
    <>
      <Problem text={problem} />
      {state && <p>{sentences[state]}</p>}
      {state === 'off' && (
        <button type="button" disabled={isBusy} onClick={() => run(turnOn)}>
          Notify me on this device
        </button>
      )}
      {state === 'on' && (
        <button type="button" disabled={isBusy} onClick={() => run(turnOff)}>
          Do not notify me on this device
        </button>
      )}
    </>
  );
}
