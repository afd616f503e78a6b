import { Fragment } from 'react';
import { useDeviceSetting } from '../device/device-setting.ts';
import '../style/switcher.css';
import { Dialog } from '../ui/dialog.tsx';
import { Key } from './keys.tsx';
import { shortcutNames, type ShortcutPlace, shortcuts } from './keys-of.ts';
import { singleKeys } from './single-keys.ts';
import { texts } from './texts.ts';

const places = Object.keys(texts.places) as ShortcutPlace[];

/** All shortcuts, and a switch for those of a single key. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const single = useDeviceSetting(singleKeys);
  return (
    <Dialog title={texts.title} onClose={onClose}>
      {places.map((place) => (
        <section key={place} aria-label={texts.places[place]}>
          <h3>{texts.places[place]}</h3>
          <dl className="keys">
            {shortcutNames
              .filter((name) => shortcuts[name].place === place)
              .map((name) => (
                <Fragment key={name}>
                  <dt>{texts.names[name]}</dt>
                  <dd>
                    {shortcuts[name].keys.map((key, at) => (
                      <Fragment key={key}>
                        {at > 0 && ` ${texts.or} `}
                        <Key of={key} />
                      </Fragment>
                    ))}
                  </dd>
                </Fragment>
              ))}
          </dl>
        </section>
      ))}
      <div>
        <label className="choice">
          <input
            type="checkbox"
            checked={single === 'on'}
            onChange={({ target }) => singleKeys.set(target.checked ? 'on' : 'off')}
          />
          {texts.single}
        </label>
        <small>{texts.singleHint}</small>
      </div>
    </Dialog>
  );
}
