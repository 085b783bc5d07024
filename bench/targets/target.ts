import type { EventLoop } from '../launch.ts';

export interface Endpoint {
  /** The address without a path. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Something that requests are sent to, started and ready. */
export interface RunningTarget extends AsyncDisposable {
  /** One for each process of it; connections are dealt out among them. */
  readonly endpoints: readonly Endpoint[];
  readonly path: string;
  /** Put before the model's name. */
  readonly modelPrefix: string;
  /** The processes whose trees are its cost. */
  readonly pids: readonly number[];
  /** The event loops of those that are Node's. */
  readonly eventLoops: readonly EventLoop[];
}

export interface TargetContext {
  /** Base address of the upstream, without a path. */
  readonly upstream: string;
  /** The upstream's process. */
  readonly upstreamPid: number;
  /** A directory of this run, on a disk; for configuration, logs and data. */
  readonly directory: string;
}

export interface Target {
  readonly name: string;
  /** One line for the report: what runs, and what it does about a request. */
  readonly about: string;
  /** Installs what it needs and starts it. Rejects with `Unavailable` where that cannot be had here. */
  start(context: TargetContext): Promise<RunningTarget>;
}
