import { chooseLanguage, chosenLanguage, isLanguage, languages } from '../texts/language.ts';
import { Problem } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** How the page looks on this device: its language. */
export function Appearance() {
  const { run, problem } = useCall();
  return (
    <div className="stack">
      <Problem text={problem} />
      <Select
        label={texts.language}
        options={{ '': texts.ofBrowser, ...languages }}
        defaultValue={chosenLanguage() ?? ''}
        onChange={({ target: { value } }) => run(async () => chooseLanguage(isLanguage(value) ? value : undefined))}
      />
    </div>
  );
}
