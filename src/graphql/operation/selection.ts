import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionNode,
  versionInfo,
} from 'graphql';

/** The fields of an event that a subscription asks for, as pairs of the name in the answer and the field's own. */
export type Fields = readonly (readonly [key: string, field: string])[];

/** What a subscription wants of each event. Two documents that want the same have the same, however they say it. */
export interface Selection {
  /** The name of the subscription's own field in the answer. */
  readonly root: string;
  readonly message: Fields;
  readonly gap: Fields;
}

/** The types that a type of event is, for the conditions of fragments. */
const TYPES = { message: new Set(['Message', 'Event']), gap: new Set(['Gap', 'Event']) } as const;

/** Unfolds what a subscription wants: fragments, and what `@skip` and `@include` leave of it. */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const { fieldNodes, fragments, path } = info;
  const variables = variablesOf(info);
  const collect = (types: ReadonlySet<string>): Fields => {
    const fields = new Map<string, string>();
    for (const { selectionSet } of fieldNodes) add(selectionSet?.selections ?? [], types, fields);
    return [...fields];
  };

  // GraphQL, section 6.3.2: in the order in which they come first. All fields of events are scalars, with nothing to merge.
  function add(
    selections: readonly SelectionNode[],
    types: ReadonlySet<string>,
    fields: Map<string, string>,
  ): void {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = responseKey(selection);
        if (!fields.has(key)) fields.set(key, selection.name.value);
        continue;
      }
      const fragment = fragmentOf(selection, fragments);
      const condition = fragment.typeCondition?.name.value;
      if (condition === undefined || types.has(condition))
        add(fragment.selectionSet.selections, types, fields);
    }
  }

  return { root: String(path.key), message: collect(TYPES.message), gap: collect(TYPES.gap) };
}

function fragmentOf(
  selection: Exclude<SelectionNode, FieldNode>,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
) {
  return selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]!;
}

function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

/** GraphQL, sections 3.13.1 and 3.13.2. */
function isIncluded(
  { directives = [] }: SelectionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : value?.kind === Kind.BOOLEAN && value.value;
    if (name.value === 'skip') return !holds;
    return name.value !== 'include' || Boolean(holds);
  });
}

/** Since version 17 they come with where they are from. */
function variablesOf({ variableValues }: GraphQLResolveInfo): Readonly<Record<string, unknown>> {
  if (versionInfo.major < 17) return variableValues;
  return (variableValues as { readonly coerced: Readonly<Record<string, unknown>> }).coerced;
}
