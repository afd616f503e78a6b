import { usePushes } from '@fechatter/client/react';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { pushes } from './pushes.ts';
import { texts } from './texts.ts';

/** Whether this device is notified while the page is closed. */
export function ThisDevice() {
  const { state, turnOn, turnOff } = usePushes(pushes);
  const { isBusy, problem, run } = useCall();
  return (
    <>
      <Problem text={problem} />
      {state && <p>{texts.states[state]}</p>}
      {state === 'off' && (
        <button type="button" disabled={isBusy} onClick={() => run(turnOn)}>
          {texts.turnOn}
        </button>
      )}
      {state === 'on' && (
        <button type="button" disabled={isBusy} onClick={() => run(turnOff)}>
          {texts.turnOff}
        </button>
      )}
    </>
  );
}
