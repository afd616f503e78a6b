import { Details } from '../ui/details.tsx';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { DeviceList } from './device-list.tsx';
import { QuietHoursForm } from './quiet-hours-form.tsx';
import { texts } from './texts.ts';
import { ThisDevice } from './this-device.tsx';
import { usePreferences } from './use-preferences.ts';

/** What notifies the person: this device and their others, previews, and quiet hours. What one conversation does is set in it. */
export function NotificationSettings() {
  const preferences = usePreferences();
  const { isBusy, problem, run } = useCall();
  return (
    <div className="stack">
      <Problem text={problem ?? preferences.problem} />
      <ThisDevice />
      {preferences.result && (
        <>
          <label className="choice">
            <input
              type="checkbox"
              checked={preferences.result.pushPreviews}
              disabled={isBusy}
              onChange={({ target }) => run(() => preferences.set({ pushPreviews: target.checked }))}
            />
            {texts.previews}
          </label>
          <Details summary={texts.quietHours}>
            <QuietHoursForm
              quietHours={preferences.result.quietHours}
              onSet={(quietHours) => preferences.set({ quietHours })}
            />
          </Details>
        </>
      )}
      <Details summary={texts.devices}>
        <DeviceList />
      </Details>
    </div>
  );
}
