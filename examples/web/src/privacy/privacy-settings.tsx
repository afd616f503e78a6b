import type { Preferences } from '@fechatter/client';
import { usePreferences } from '@fechatter/client/react';
import { useId } from 'react';
import { chatter } from '../chatter.ts';
import { useDeviceSetting } from '../device/device-setting.ts';
import { shownTyping } from '../typing/shown-typing.ts';
import { Details } from '../ui/details.tsx';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { BlockedPeople } from './blocked-people.tsx';
import { texts } from './texts.ts';

/** What others learn of the person, as it is now in all of their windows. */
export function PrivacySettings() {
  const preferences = usePreferences();
  const typing = useDeviceSetting(shownTyping);
  const { run, isBusy, problem } = useCall();
  const set = (changed: Partial<Pick<Preferences, 'showPresence' | 'showReceipts'>>) =>
    run(() => chatter.user.setPreferences.mutate(changed));
  return (
    <div className="stack">
      <Problem text={problem} />
      {preferences !== undefined && (
        <>
          <Switch
            label={texts.presence}
            hint={texts.presenceHint}
            isOn={preferences.showPresence}
            isBusy={isBusy}
            onChange={(showPresence) => set({ showPresence })}
          />
          <Switch
            label={texts.receipts}
            hint={texts.receiptsHint}
            isOn={preferences.showReceipts}
            isBusy={isBusy}
            onChange={(showReceipts) => set({ showReceipts })}
          />
        </>
      )}
      <Switch
        label={texts.typing}
        hint={texts.typingHint}
        isOn={typing === 'on'}
        onChange={(isOn) => shownTyping.set(isOn ? 'on' : 'off')}
      />
      {preferences !== undefined && (
        <Details summary={texts.blocked}>
          <BlockedPeople ids={preferences.blockedUserIds} />
        </Details>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  /** What it means when it is off. */
  readonly hint: string;
  readonly isOn: boolean;
  readonly isBusy?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ label, hint, isOn, isBusy = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div>
      <label className="choice">
        <input
          type="checkbox"
          aria-describedby={id}
          checked={isOn}
          disabled={isBusy}
          onChange={({ target }) => onChange(target.checked)}
        />
        {label}
      </label>
      <small id={id}>{hint}</small>
    </div>
  );
}
