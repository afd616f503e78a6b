export interface ChoicesProps {
  readonly legend: string;
  /** The name of the fields; the chosen values are `fields.getAll(name)`. */
  readonly name: string;
  /** The shown texts, by the sent values. */
  readonly options: Readonly<Record<string, string>>;
  readonly chosen: readonly string[];
}

/** Any number of choices of a form. */
export function Choices({ legend, name, options, chosen }: ChoicesProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div>
        {Object.entries(options).map(([value, shown]) => (
          <label className="choice" key={value}>
            <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
            <span>{shown}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
