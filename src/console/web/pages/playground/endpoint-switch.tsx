import type { EndpointName } from '../../../endpoint-name.ts';
import { ENDPOINTS } from '../../endpoints.ts';
import { isServed } from '../../shell/connection.ts';

interface EndpointSwitchProps {
  readonly name: EndpointName;
  readonly isOn: boolean;
  readonly onSwitch: (name: EndpointName, isOn: boolean) => void;
}

/** Has an endpoint read as well, where the hub has it. It is off at first, because a browser gives an origin six connections. */
export function EndpointSwitch({ name, isOn, onSwitch }: EndpointSwitchProps) {
  const { label, option } = ENDPOINTS[name];
  if (!isServed(name)) {
    return (
      <p class="more">
        Not served by this hub: <code>fanwire serve {option}</code> does.
      </p>
    );
  }
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onSwitch(name, event.currentTarget.checked)}
      />
      Read by {label} as well
    </label>
  );
}
