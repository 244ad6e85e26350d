import type { EventEmitter } from 'node:events';

type Told = (socket: object) => void;

/** The listeners to a socket’s end. Sockets with the same ones share one list. */
class Audience {
  readonly #all: readonly Told[];
  readonly #larger = new WeakMap<Told, Audience>();

  constructor(all: readonly Told[]) {
    this.#all = all;
  }

  and(told: Told): Audience {
    let larger = this.#larger.get(told);
    if (!larger) this.#larger.set(told, (larger = new Audience([...this.#all, told])));
    return larger;
  }

  tell(socket: object): void {
    for (const told of this.#all) told(socket);
  }
}

const NOBODY = new Audience([]);

/** Where a socket keeps its audience. */
const AUDIENCE = Symbol('audience');
type Watched = EventEmitter & { [AUDIENCE]?: Audience };

/**
 * Calls `told` when a socket has closed. All who ask here have one listener together: Node's list of them makes room for nineteen
 * with the third, and is kept as long as the socket.
 * @param told the same function for all sockets: a closure for each would be kept as well
 */
export function onceClosed(socket: EventEmitter, told: Told): void {
  const watched: Watched = socket;
  if (!watched[AUDIENCE]) socket.on('close', tell);
  watched[AUDIENCE] = (watched[AUDIENCE] ?? NOBODY).and(told);
}

function tell(this: Watched): void {
  this[AUDIENCE]!.tell(this);
}
