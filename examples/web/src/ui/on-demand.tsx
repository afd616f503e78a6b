import type { ComponentType, FunctionComponent, ReactNode } from 'react';
import { chatter } from '../chatter.ts';
import { Problem } from './form.tsx';
import { texts } from './texts.ts';
import { useCall } from './use-call.ts';
import { useResult } from './use-result.ts';

/**
 * A part of the page that is loaded when it is first shown. If that fails, because there is no network or the page is older than
 * what is served, this says so; nothing around it breaks. `meanwhile` is shown while it is loaded; once it is, it is shown at once
 * wherever it comes.
 */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode | ((props: Props) => ReactNode) = null,
): FunctionComponent<Props> {
  let Part: ComponentType<Props> | undefined;
  return function OnDemand(props: Props) {
    const { problem } = useResult(async () => {
      Part ??= await load();
      return true;
    }, 'part');
    if (Part !== undefined) return <Part {...props} />;
    if (problem !== undefined) return <NotLoaded />;
    return typeof meanwhile === 'function' ? meanwhile(props) : meanwhile;
  };
}

/** A browser remembers that a part could not be loaded until the page is loaded again. Unsent text is kept over that. */
function NotLoaded() {
  const { isBusy, problem, run } = useCall();
  return (
    <div className="stack">
      <Problem text={problem ?? texts.partMissing} />
      <button type="button" disabled={isBusy} onClick={() => run(reload)}>
        {texts.loadAgain}
      </button>
    </div>
  );
}

async function reload(): Promise<void> {
  // Without the service this would leave nothing at all.
  await chatter.info.get.query();
  location.reload();
}
