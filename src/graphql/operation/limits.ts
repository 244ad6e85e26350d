import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { FanwireError } from '../../protocol/errors.ts';
import type { OperationLimits } from '../options.ts';

/** What a field of the root costs that is not a matter of a moment. */
const COSTS: Readonly<Record<string, number>> = { messages: 100, publish: 10 };

interface Measure {
  readonly depth: number;
  readonly cost: number;
  readonly aliases: number;
}

const NOTHING: Measure = { depth: 0, cost: 0, aliases: 0 };

/**
 * Holds the operations of a document to what one may ask for, before it is validated: that takes the square of its length.
 * @throws FanwireError `query_too_complex`
 */
export function assertLimits(
  document: DocumentNode,
  { maxDepth, maxCost, maxAliases }: OperationLimits,
): void {
  const fragments = fragmentsOf(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, cost, aliases } = measure(definition.selectionSet, fragments, new Map(), COSTS);
    if (depth > maxDepth) tooComplex(`an operation nests ${maxDepth} deep at most (maxDepth), not ${depth}`);
    if (cost > maxCost) {
      tooComplex(`an operation costs ${maxCost} at most (maxCost), not ${cost}: ask for less at once`);
    }
    if (aliases > maxAliases) {
      tooComplex(`an operation takes ${maxAliases} aliases (maxAliases), not ${aliases}`);
    }
  }
}

function tooComplex(sentence: string): never {
  throw new FanwireError('query_too_complex', sentence);
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/**
 * @param measured fragments, each measured once: unfolded, a short document may be as long as it likes
 * @param costs of the fields at hand
 */
function measure(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  measured: Map<string, Measure>,
  costs: Readonly<Record<string, number>>,
): Measure {
  let [depth, cost, aliases] = [0, 0, 0];
  for (const selection of selections) {
    let part: Measure;
    if (selection.kind === Kind.FIELD) {
      const { name, alias, selectionSet } = selection;
      const inner = selectionSet ? measure(selectionSet, fragments, measured, {}) : NOTHING;
      part = {
        depth: inner.depth + 1,
        cost: inner.cost + (costs[name.value] ?? 1),
        aliases: inner.aliases + (alias ? 1 : 0),
      };
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      part = measure(selection.selectionSet, fragments, measured, costs);
    } else part = measureFragment(selection.name.value, fragments, measured, costs);
    depth = Math.max(depth, part.depth);
    cost += part.cost;
    aliases += part.aliases;
  }
  return { depth, cost, aliases };
}

/** One that is not there, or that stands within itself, is for the validation to refuse. */
function measureFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  measured: Map<string, Measure>,
  costs: Readonly<Record<string, number>>,
): Measure {
  const known = measured.get(name);
  const fragment = fragments.get(name);
  if (known || !fragment) return known ?? NOTHING;
  measured.set(name, NOTHING);
  const whole = measure(fragment.selectionSet, fragments, measured, costs);
  measured.set(name, whole);
  return whole;
}
