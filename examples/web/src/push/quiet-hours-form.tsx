import type { QuietHours } from '@fechatter/client';
import { Choices } from '../ui/choices.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { Refusal } from '../ui/sentence-of.ts';
import { useCall } from '../ui/use-call.ts';

const days = {
  '1': 'Monday',
  '2': 'Tuesday',
  '3': 'Wednesday',
  '4': 'Thursday',
  '5': 'Friday',
  '6': 'Saturday',
  '7': 'Sunday',
};
const zones = Intl.supportedValuesOf('timeZone');

export interface QuietHoursFormProps {
  readonly quietHours: QuietHours | null;
  readonly onSet: (quietHours: QuietHours | null) => Promise<unknown>;
}

/** When nothing is pushed; what comes meanwhile is not pushed later. */
export function QuietHoursForm({ quietHours, onSet }: QuietHoursFormProps) {
  const { run, problem, isBusy } = useCall();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  async function save(fields: FormData): Promise<void> {
    const chosen = fields.getAll('days').map(Number);
    if (chosen.length === 0) throw new Refusal('Choose at least one day.');
    const text = (name: string) => textOf(fields, name);
    await onSet({ from: text('from'), to: text('to'), days: chosen, timeZone: text('timeZone') });
  }
  return (
    <>
      <p className="quiet">
        {quietHours === null
          ? 'You have none.'
          : `Nothing is pushed from ${quietHours.from} to ${quietHours.to} (${quietHours.timeZone}).`}
      </p>
      {/* With what was changed in another window. */}
      <Form key={JSON.stringify(quietHours)} submit="Keep these hours quiet" onSubmit={save}>
        <div className="abreast">
          <Field label="From" name="from" type="time" defaultValue={quietHours?.from ?? '22:00'} required />
          <Field label="To" name="to" type="time" defaultValue={quietHours?.to ?? '07:00'} required />
        </div>
        <Choices
          legend="When they begin on"
          name="days"
          options={days}
          chosen={quietHours?.days.map(String) ?? Object.keys(days)}
        />
        <Field
          label="Time zone"
          name="timeZone"
          list="time-zones"
          defaultValue={quietHours?.timeZone ?? own}
          required
        />
        <datalist id="time-zones">
          {zones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </Form>
      <Problem text={problem} />
      {quietHours !== null && (
        <button type="button" disabled={isBusy} onClick={() => run(() => onSet(null))}>
          End the quiet hours
        </button>
      )}
    </>
  );
}
