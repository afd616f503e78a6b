import type { QuietHours } from '@fechatter/client';
import { Choices } from '../ui/choices.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { Refusal } from '../ui/refusal.ts';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

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
    if (chosen.length === 0) throw new Refusal(texts.chooseDay);
    const text = (name: string) => textOf(fields, name);
    await onSet({ from: text('from'), to: text('to'), days: chosen, timeZone: text('timeZone') });
  }
  return (
    <>
      <p className="quiet">{quietHours === null ? texts.noHours : texts.hours(quietHours)}</p>
      {/* With what was changed in another window. */}
      <Form key={JSON.stringify(quietHours)} submit={texts.keep} onSubmit={save}>
        <div className="abreast">
          <Field label={texts.from} name="from" type="time" defaultValue={quietHours?.from ?? '22:00'} required />
          <Field label={texts.to} name="to" type="time" defaultValue={quietHours?.to ?? '07:00'} required />
        </div>
        <Choices
          legend={texts.begin}
          name="days"
          options={texts.days}
          chosen={quietHours?.days.map(String) ?? Object.keys(texts.days)}
        />
        <Field
          label={texts.timeZone}
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
          {texts.end}
        </button>
      )}
    </>
  );
}
