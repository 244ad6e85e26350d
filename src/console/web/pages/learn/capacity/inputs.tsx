import { useState } from 'preact/hooks';
import { labelOf } from '../../../transports.ts';
import {
  BOUNDS,
  CHOICES,
  type ChoiceName,
  EXAMPLES,
  fits,
  type NumberName,
  numberOf,
  type Plan,
  rangeOf,
} from './plan.ts';
import { about, LOG_LABELS } from './words.ts';

interface InputsProps {
  readonly plan: Plan;
  readonly onPlan: (plan: Plan) => void;
}

/** Of the logarithm to the base of ten: twenty stops from one power to the next. */
const STEP = 0.05;

const SLIDERS: readonly {
  readonly name: NumberName;
  readonly label: string;
  readonly told: (value: number, plan: Plan) => string;
}[] = [
  { name: 'users', label: 'Users, connected at once', told: (value) => value.toLocaleString('en') },
  {
    name: 'readers',
    label: 'Readers of a channel',
    told: (value, { users }) => (value >= users ? 'all users' : value.toLocaleString('en')),
  },
  {
    name: 'rate',
    label: 'Messages of one channel',
    told: (value) => (value < 1 ? `1 in ${about(1 / value)} s` : `${about(value)} a second`),
  },
  { name: 'bytes', label: 'A message', told: (value) => `${value.toLocaleString('en')} B` },
];

const FIELDS: readonly { readonly name: NumberName; readonly label: string }[] = [
  { name: 'cores', label: 'Cores of a machine' },
  { name: 'memory', label: 'GB of a machine' },
  { name: 'utilisation', label: 'Percent in use at most' },
  { name: 'price', label: 'A machine, a month' },
  { name: 'traffic', label: 'A GB of traffic' },
];

/** The load as sliders, the machine and the prices as numbers. */
export function Inputs({ plan, onPlan }: InputsProps) {
  return (
    <>
      <fieldset class="load">
        <legend>The load, in its busiest minutes</legend>
        <div class="plan">
          <div class="examples">
            {EXAMPLES.map(([title, load]) => (
              <button key={title} type="button" class="plain" onClick={() => onPlan({ ...plan, ...load })}>
                {title}
              </button>
            ))}
          </div>
        </div>
        <div class="sliders">
          {SLIDERS.map(({ name, label, told }) => (
            <label key={name}>
              <span>
                {label} <b class="told">{told(plan[name], plan)}</b>
              </span>
              <input
                type="range"
                name={name}
                min={Math.log10(BOUNDS[name].least)}
                max={Math.log10(BOUNDS[name].most)}
                step={STEP}
                value={Math.log10(plan[name])}
                aria-valuetext={told(plan[name], plan)}
                onInput={({ currentTarget: { valueAsNumber } }) =>
                  onPlan({ ...plan, [name]: Number((10 ** valueAsNumber).toPrecision(2)) })
                }
              />
            </label>
          ))}
        </div>
        <div class="choices">
          <Choice
            name="transport"
            legend="Transport"
            plan={plan}
            onPlan={onPlan}
            told={(value) => labelOf(value)}
          />
          <Choice name="log" legend="Log" plan={plan} onPlan={onPlan} told={(value) => LOG_LABELS[value]} />
        </div>
      </fieldset>
      <fieldset class="machine">
        <legend>A machine and your prices</legend>
        <div class="plan">
          {FIELDS.map(({ name, label }) => (
            <NumberField key={name} name={name} label={label} plan={plan} onPlan={onPlan} />
          ))}
        </div>
        <p class="note">
          The prices are examples: put in those of your provider, in any currency. The page’s address keeps
          all of it, so that a link can be shared.
        </p>
      </fieldset>
    </>
  );
}

interface ChoiceProps<Name extends ChoiceName> extends InputsProps {
  readonly name: Name;
  readonly legend: string;
  readonly told: (value: Plan[Name]) => string;
}

function Choice<Name extends ChoiceName>({ name, legend, told, plan, onPlan }: ChoiceProps<Name>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {CHOICES[name].map((value) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={plan[name] === value}
            onChange={() => onPlan({ ...plan, [name]: value })}
          />
          <span>{told(value)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface NumberFieldProps extends InputsProps {
  readonly name: NumberName;
  readonly label: string;
}

/** What is typed stays in the field; the plan has the last of it that could be. */
function NumberField({ name, label, plan, onPlan }: NumberFieldProps) {
  const [text, setText] = useState(`${plan[name]}`);
  return (
    <label>
      {label}
      <input
        type="number"
        name={name}
        min={BOUNDS[name].least}
        max={BOUNDS[name].most}
        step="any"
        value={text}
        aria-invalid={!fits(name, numberOf(text))}
        aria-describedby={`${name}-range`}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          if (fits(name, numberOf(value))) onPlan({ ...plan, [name]: numberOf(value) });
        }}
      />
      <small id={`${name}-range`} class="range">
        {rangeOf(name)}
      </small>
    </label>
  );
}
