/**
 * One reader of the event stream: frames go out as fast as it takes them. What it does not take waits in a bounded
 * buffer, where the oldest frames give way, and it is told how many it missed.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';

/** A scrape of ten thousand signals is announced at once, and a reader that keeps up must get all of it. Readers share the frames. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Below the idle timeouts of the usual proxies, and of this server. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = Buffer.from(':\n\n');

/** A reader that has taken nothing for so long is cut off. The socket's own timeout begins anew with what the kernel takes. */
const PATIENCE_MS = 30_000;

/** How long a browser waits before it comes back; the comment makes proxies pass the answer on at once. */
const HELLO = 'retry: 2000\n: the stream is open\n\n';

/** JSON holds no line break, so nothing in a name can end a frame. */
export function frameOf(event: 'event' | 'change' | 'missed', data: unknown): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

export class EventReader {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  #frames: Buffer[] = [];
  /** Those before it are gone. */
  #first = 0;
  #bytes = 0;
  #missed = 0;
  /** What was written last is more than the connection takes at present. */
  #blocked = false;
  #patience: Disposable | undefined;
  #heartbeat: Disposable | undefined;

  /** Sends the head of the answer. */
  constructor(response: ServerResponse, clock: Clock) {
    this.#response = response;
    this.#clock = clock;
    response.on('drain', () => {
      this.#blocked = false;
      this.#patience?.[Symbol.dispose]();
      this.#flush();
    });
    response.once('close', () => this.#forget());
    this.#write(HELLO);
    this.#planHeartbeat();
  }

  push(frame: Buffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
    this.#flush();
    while (this.#bytes > MAX_BYTES) {
      this.#shift();
      this.#missed++;
    }
  }

  /** Ends the answer; one that is not taken is broken off, so that nobody waits for it. */
  end(): void {
    this.#forget();
    if (this.#blocked) this.#response.destroy();
    else this.#response.end();
  }

  #flush(): void {
    while (!this.#blocked && (this.#missed > 0 || this.#bytes > 0)) {
      if (this.#missed > 0) {
        this.#write(frameOf('missed', { count: this.#missed }));
        this.#missed = 0;
      } else {
        this.#write(this.#shift());
      }
    }
  }

  #shift(): Buffer {
    const frame = this.#frames[this.#first++]!;
    this.#bytes -= frame.length;
    // Now and then, because taking each from the front would move all of them.
    if (this.#first > this.#frames.length / 2) {
      this.#frames = this.#frames.slice(this.#first);
      this.#first = 0;
    }
    return frame;
  }

  #write(bytes: Buffer | string): void {
    if (this.#response.write(bytes)) return;
    this.#blocked = true;
    this.#patience = this.#clock.after(PATIENCE_MS, () => this.#response.destroy());
  }

  #forget(): void {
    this.#heartbeat?.[Symbol.dispose]();
    this.#patience?.[Symbol.dispose]();
  }

  #planHeartbeat(): void {
    this.#heartbeat = this.#clock.after(HEARTBEAT_MS, () => {
      // For a reader that takes nothing, heartbeats would only pile up.
      if (!this.#blocked) this.#write(HEARTBEAT);
      this.#planHeartbeat();
    });
  }
}
