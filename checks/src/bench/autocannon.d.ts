/** The part of autocannon 9 that the load uses; it ships no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly method: 'POST';
    /** Seconds. */
    readonly duration: number;
    readonly connections: number;
    /** Replaces `[<id>]` in bodies by a unique id. */
    readonly idReplacement: boolean;
    readonly requests: readonly { readonly method: 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
  }
  interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly timeouts: number;
    readonly duration: number;
    readonly latency: { readonly p50: number; readonly p99: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
