import type { TargetIdentifier, X1Message, X1Task } from "#model/interception.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { Instant } from "#model/time.ts";

/**
 * What X1 (TS 103 221-1) said: orders with their answers, tasks with their targets, destinations with their
 * addresses. An order counts as accepted when its positive answer was seen.
 */

export const TASK_LIMITS = {
  /** Orders kept; past it, the oldest is forgotten. */
  orders: 20_000,
  /** Tasks known at once; past it, the oldest is forgotten. */
  tasks: 50_000,
  /** Destinations known at once; past it, the oldest is forgotten. */
  destinations: 10_000,
  /** Frames kept of one order. */
  frames: 64,
} as const;

/** What an order does; only those that change or disclose tasks matter here. */
export type OrderKind = "task" | "destination" | "deactivation" | "disclosure" | "other";

const KINDS: Readonly<Record<string, OrderKind>> = {
  ActivateTask: "task",
  ModifyTask: "task",
  DeactivateTask: "deactivation",
  DeactivateAllTasks: "deactivation",
  CreateDestination: "destination",
  ModifyDestination: "destination",
  RemoveDestination: "deactivation",
  RemoveAllDestinations: "deactivation",
  GetTaskDetails: "disclosure",
  GetAllDetails: "disclosure",
  GetAllTaskDetails: "disclosure",
  GetDestinationDetails: "disclosure",
  GetAllDestinationDetails: "disclosure",
  ListAllDetails: "disclosure",
};

/** Sent by elements to the administration: never tasking. */
const FROM_ELEMENT = new Set(["ReportTaskIssue", "ReportDestinationIssue", "ReportNEIssue"]);

export interface Order {
  readonly kind: OrderKind;
  readonly operation: string;
  readonly requester: string;
  readonly element: string;
  readonly port: number;
  readonly message: X1Message;
  readonly time: Instant;
  readonly micros: number;
  readonly capture: number;
  readonly frames: number[];
  answer: "none" | "ok" | "error";
  /** Tasks that the answer disclosed. */
  disclosed: readonly X1Task[];
  lastMicros: number;
}

export interface KnownTask {
  readonly targets: readonly TargetIdentifier[];
  readonly liids: readonly string[];
  readonly dIds: readonly string[];
  readonly productId: string | undefined;
  /** When the task was ended at this element, microseconds of the answer; undefined while it is in force. */
  endedMicros: number | undefined;
}

export class TaskLedger {
  readonly orders: Order[] = [];
  private readonly pending = new Map<string, Order>();
  private readonly tasks = new Map<string, KnownTask>();
  private readonly destinations = new Map<string, { address: string; port: number | undefined }>();
  private readonly nameOf: (address: string) => string;

  /** `nameOf`: one name for all addresses of an element. */
  constructor(nameOf: (address: string) => string) {
    this.nameOf = nameOf;
  }

  observe(observed: ObservedMessage<X1Message>, micros: number): void {
    const { message, origin } = observed;
    if (!message.request) {
      this.answered(message, origin, micros);
      return;
    }
    if (FROM_ELEMENT.has(message.operation)) return;
    const order: Order = {
      kind: (Object.hasOwn(KINDS, message.operation) ? KINDS[message.operation] : undefined) ?? "other",
      operation: message.operation,
      requester: origin.src,
      element: origin.dst,
      port: origin.srcPort,
      message,
      time: message.messageTime ?? origin.time,
      micros,
      capture: origin.capture,
      frames: origin.frames.slice(0, TASK_LIMITS.frames),
      answer: "none",
      disclosed: [],
      lastMicros: micros,
    };
    this.learn(message, origin.dst, undefined);
    if (order.kind === "other") {
      // Path supervision is periodic: one order a pair stands for all of it.
      if (this.orders.some((o) => o.kind === "other" && o.requester === order.requester && o.element === order.element)) return;
    }
    this.orders.push(order);
    if (this.orders.length > TASK_LIMITS.orders) this.orders.shift();
    if (message.transactionId !== undefined)
      put(this.pending, pendingKey(order.requester, order.element, message), order, TASK_LIMITS.orders);
  }

  /** The task with this XID, wherever it was learned; at this element first. */
  task(xid: string, element: string): KnownTask | undefined {
    return this.tasks.get(`${this.nameOf(element)} ${xid}`) ?? this.tasks.get(xid);
  }

  /** Whether the element was told to end the task before this time, and confirmed it. */
  endedAt(xid: string, element: string): number | undefined {
    return this.tasks.get(`${this.nameOf(element)} ${xid}`)?.endedMicros;
  }

  destination(dId: string): { readonly address: string; readonly port: number | undefined } | undefined {
    return this.destinations.get(dId);
  }

  /** Targets and LIIDs of a task, those of the task it belongs to (product id) included. */
  namesOf(xid: string, element: string): { readonly targets: readonly TargetIdentifier[]; readonly liids: readonly string[] } {
    const own = this.task(xid, element);
    const whole = own?.productId === undefined ? undefined : this.tasks.get(own.productId);
    return { targets: [...(own?.targets ?? []), ...(whole?.targets ?? [])], liids: [...(own?.liids ?? []), ...(whole?.liids ?? [])] };
  }

  private answered(message: X1Message, origin: MessageOrigin, micros: number): void {
    const { src: element, dst: requester, frames } = origin;
    const order = this.pending.get(pendingKey(requester, element, message)) ?? this.nextOnConnection(message, origin);
    if (order === undefined) {
      this.learn(message, element, undefined);
      return;
    }
    this.pending.delete(pendingKey(requester, element, order.message));
    order.answer = message.outcome === "error" ? "error" : "ok";
    order.lastMicros = micros;
    order.disclosed = message.tasks;
    for (const f of frames) if (order.frames.length < TASK_LIMITS.frames) order.frames.push(f);
    if (order.answer === "ok") this.learn(order.message, element, micros);
    this.learn(message, element, undefined);
  }

  /** An answer whose transaction nobody opened: HTTP/1.1 answers in the order of the requests (RFC 9112 §9.3.2), so it is for the oldest open one. */
  private nextOnConnection(message: X1Message, origin: MessageOrigin): Order | undefined {
    for (const order of this.pending.values()) {
      if (order.requester !== origin.dst || order.port !== origin.dstPort || order.element !== origin.src) continue;
      return order.operation === message.operation && order.answer === "none" ? order : undefined;
    }
    return undefined;
  }

  /** `acceptedMicros`: the element confirmed; only then does a task end. */
  private learn(message: X1Message, element: string, acceptedMicros: number | undefined): void {
    const name = this.nameOf(element);
    for (const d of message.destinations) {
      if (d.address !== undefined) put(this.destinations, d.dId, { address: d.address, port: d.port }, TASK_LIMITS.destinations);
    }
    for (const t of message.tasks) {
      if (t.xId === "") continue;
      const known: KnownTask = {
        targets: t.targets.filter((i) => i.value !== ""),
        liids: t.mediation.map((m) => m.liid).filter((l) => l !== ""),
        dIds: t.dIds,
        productId: t.productId,
        endedMicros: undefined,
      };
      const local = `${name} ${t.xId}`;
      // A report about a task does not bring it back; an order that was accepted does.
      const before = this.tasks.get(local);
      if (acceptedMicros === undefined && before !== undefined) known.endedMicros = before.endedMicros;
      put(this.tasks, local, known, TASK_LIMITS.tasks);
      put(this.tasks, t.xId, known, TASK_LIMITS.tasks);
    }
    if (acceptedMicros === undefined) return;
    if (message.operation === "DeactivateTask") for (const x of message.xIds) this.end(`${name} ${x}`, acceptedMicros);
    if (message.operation === "DeactivateAllTasks") {
      for (const key of this.tasks.keys()) if (key.startsWith(`${name} `)) this.end(key, acceptedMicros);
    }
  }

  private end(key: string, micros: number): void {
    const known = this.tasks.get(key);
    const ended: KnownTask = known ?? { targets: [], liids: [], dIds: [], productId: undefined, endedMicros: micros };
    ended.endedMicros = micros;
    put(this.tasks, key, ended, TASK_LIMITS.tasks);
  }
}

function pendingKey(requester: string, element: string, message: X1Message): string {
  return `${requester} ${element} ${message.transactionId}`;
}

/** Sets, and forgets the oldest past the limit. */
function put<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) {
    const oldest = map.keys().next();
    if (oldest.done !== true) map.delete(oldest.value);
  }
}
